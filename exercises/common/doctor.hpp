#pragma once

#include <ostream>

#include "common/options.hpp"
#include "common/run.hpp"
#include "hourglass/analysis/doctor.hpp"

namespace hourglass {

/// What an exercise gives the doctor to look at: its function doctor_data(options), in the namespace of the
/// options.
struct DoctorData {
    DataSet set;            // all the data, T empty where the target is the input
    Matrix X = {}, T = {};  // what is trained on, where that is not the same: noisy inputs and their targets
};

/// Examines an exercise's data, net and training rather than train: text, doctor.json and a page of pictures.
/// The criterion holds if nothing is wrong.
Outcome examine(const char* exercise, const TrainingOptions& options, DoctorData data, std::ostream& output);

}  // namespace hourglass
