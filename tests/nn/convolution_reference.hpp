#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "nn/testing.hpp"

namespace hourglass::testing {

/// The tensors of one layer, from tests/reference/convolutions.csv, by name: what PyTorch computes.
inline std::map<std::string, Vector> reference_of(const std::string& description) {
    std::ifstream file(HOURGLASS_SOURCE_DIR "/tests/reference/convolutions.csv");
    std::map<std::string, Vector> tensors;
    for (std::string line; std::getline(file, line);) {
        std::istringstream fields(line);
        std::string name, tensor;
        std::getline(fields, name, ';');
        std::getline(fields, tensor, ';');
        if (name == description) {
            for (double value = 0; fields >> value;) {
                tensors[tensor].push_back(static_cast<Scalar>(value));
            }
        }
    }
    return tensors;
}

/// Compares all that a layer computes with PyTorch's, number by number: they are exact. @returns what
/// differs first
template <class Kind>
std::string difference_from_reference(Kind& layer) {
    const auto tensors = reference_of(layer.description());
    if (tensors.size() != 8) {
        return "no reference of " + layer.description();
    }
    constexpr std::size_t n = 2;
    Matrix X(n, layer.in()), dZ(n, layer.out()), Z, dX;
    std::ranges::copy(tensors.at("X"), X.flat().begin());
    std::ranges::copy(tensors.at("dZ"), dZ.flat().begin());
    std::ranges::copy(tensors.at("W"), layer.W.flat().begin());
    std::ranges::copy(tensors.at("b"), layer.b.begin());
    Pass pass(layer);
    layer.forward(Z, pass, X);
    layer.backward(dZ, pass, X);
    layer.backward_input(dX, dZ, pass, X);
    return first_difference("Z", Z.flat(), tensors.at("Z"), 0) +
           first_difference("dW", layer.dW.flat(), tensors.at("dW"), 0) +
           first_difference("db", layer.db, tensors.at("db"), 0) +
           first_difference("dX", dX.flat(), tensors.at("dX"), 0);
}

}  // namespace hourglass::testing
