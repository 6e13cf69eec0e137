#pragma once

#include <cstddef>
#include <filesystem>

#include "hourglass/core/matrix.hpp"

namespace hourglass::bench {

/// The first `samples` images of Fashion-MNIST: (samples, 784), pixels in [0, 1].
/// @param path  train-images-idx3-ubyte.gz
/// @throws Error  naming the file, if it is missing or is not such a file, or has fewer images
/// @see  Xiao, Rasul & Vollgraf 2017, "Fashion-MNIST"
Matrix read_fashion_mnist(const std::filesystem::path& path, std::size_t samples);

}  // namespace hourglass::bench
