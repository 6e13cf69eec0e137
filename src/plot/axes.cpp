#include "hourglass/plot/axes.hpp"

namespace hourglass {

std::string error_label(Loss loss, const std::string& sample) {
    switch (loss) {
        case Loss::cross_entropy:
            return "cross-entropy (nats a " + sample + ")";
        case Loss::mean_squared_error:
            return axis::squared_error;
        case Loss::mean_absolute_error:
            return axis::absolute_error;
    }
    return "";
}

}  // namespace hourglass
