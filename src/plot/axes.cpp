#include "hourglass/plot/axes.hpp"

#include "hourglass/io/formatting.hpp"

namespace hourglass {

std::string error_label(Loss loss, const std::string& sample, bool zero_one) {
    if (zero_one && loss != Loss::cross_entropy) {
        const std::string label = error_label(loss, sample);
        return label.substr(0, label.find('[')) + "[0, 1])";
    }
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

std::string noise_label(Noise::Kind noise) {
    switch (noise) {
        case Noise::Kind::flip:
            return "noise: probability that a pixel flips";
        case Noise::Kind::salt_and_pepper:
            return "noise: probability of salt or pepper at a pixel";
        case Noise::Kind::gaussian:
            return "noise: standard deviation (ink and paper are 2 apart)";
    }
    return "";
}

std::string level_label(Noise::Kind noise, double level) {
    return text(noise == Noise::Kind::gaussian ? "sigma = %g" : "p = %g", level);
}

}  // namespace hourglass
