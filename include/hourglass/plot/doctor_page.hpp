#pragma once

#include "hourglass/analysis/doctor.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// What the doctor measured, as one page.
struct DoctorPage {
    std::string title;
    std::string loss_label;
    double learning_rate;  // of the training
    const Examination& found;
};

/// doctor: the range test, one batch by heart, and layer by layer the spread of A and the size of dZ.
void draw_doctor_page(Pictures& pictures, const DoctorPage& page);

}  // namespace hourglass
