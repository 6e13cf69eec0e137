#include "hourglass/nn/schedule.hpp"

#include <cmath>
#include <numbers>

#include "hourglass/core/names.hpp"

namespace hourglass {

double scheduled_learning_rate(const Schedule& schedule, double eta, int epoch, int epochs) {
    switch (schedule.kind) {
        case Schedule::Kind::constant: return eta;
        case Schedule::Kind::step:
            return eta * std::pow(schedule.step_factor, (epoch - 1) / schedule.step_epochs);
        case Schedule::Kind::cosine:
            return eta * (1 + std::cos(std::numbers::pi * (epoch - 1) / epochs)) / 2;
    }
    return eta;
}

Schedule::Kind schedule_from_name(std::string_view name) {
    using Kind = Schedule::Kind;
    return value_from_name("schedule", name, {Kind::constant, Kind::step, Kind::cosine});
}

std::string_view name_of(Schedule::Kind kind) {
    switch (kind) {
        case Schedule::Kind::constant: return "constant";
        case Schedule::Kind::step: return "step";
        case Schedule::Kind::cosine: return "cosine";
    }
    return "";
}

}  // namespace hourglass
