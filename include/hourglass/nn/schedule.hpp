#pragma once

#include <string_view>

namespace hourglass {

/// How the learning rate changes from epoch to epoch.
struct Schedule {
    enum class Kind { constant, step, cosine };

    Kind kind = Kind::constant;
    int step_epochs = 1000;    // step: every so many epochs ...
    double step_factor = 0.5;  // ... the rate is multiplied by this
};

/// The learning rate in epoch `epoch` of `epochs`, counted from 1.
///   constant  eta
///   step      eta factor^floor((epoch - 1) / step_epochs)
///   cosine    eta (1 + cos(pi (epoch - 1) / epochs)) / 2
/// @see  Loshchilov & Hutter 2017, equation 5, one cycle without restarts, for cosine
double scheduled_learning_rate(const Schedule& schedule, double eta, int epoch, int epochs);

/// "constant", "step" or "cosine"; the two are each other's inverse.
/// @throws Error  for an unknown name; the message lists those allowed
Schedule::Kind schedule_from_name(std::string_view name);
std::string_view name_of(Schedule::Kind kind);

}  // namespace hourglass
