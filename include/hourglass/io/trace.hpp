#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hourglass/io/safetensors.hpp"
#include "hourglass/nn/network.hpp"
#include "hourglass/nn/optimizer.hpp"

namespace hourglass {

/// What --trace asks for: every matrix of the first steps of a training, in a file that numpy and PyTorch open. A
/// tensor is called by its step, counted from 1, and its name: "2.encoder.1.dW". Of each step, in this order:
///     the parameters before it       1.encoder.0.W, ...
///     T, and what forward, loss and backward left       1.T, 1.X, 1.encoder.0.Z, ..., 1.encoder.0.dZ
///     the gradients, and the loss    1.encoder.0.dW, ..., 1.loss
/// The parameters that the last of them left stand under the step after it.
class Trace {
public:
    static constexpr int steps = 3;

    /// @param file  where it goes; empty: nothing is taken down
    Trace(std::filesystem::path file, std::uint64_t seed);

    /// Takes down the loss of a batch, between forward and backward.
    void add_loss(double loss, const Matrix& T);

    /// Takes down a step, when all its gradients are there and before the optimizer makes it.
    void add_step(Network& network, const Workspace& ws);

    /// Writes the file after the last of its steps, or whenever no more will come.
    /// @throws Error  if it cannot be written
    void finish_after_last(Network& network);
    void finish(Network& network);

private:
    void add(const std::string& name, std::vector<std::size_t> shape, std::span<const Scalar> values);
    void add_parameters(Network& network);

    std::filesystem::path file_;  // empty: nothing more is taken down
    Safetensors content_;
    std::vector<std::unique_ptr<std::string>> data_;  // what its tensors point to
    int step_ = 1;
    double loss_ = 0;
    Matrix T_;
};

/// An optimizer whose steps go into a trace, around those of the one that makes them.
class TracedOptimizer final : public Optimizer {
public:
    /// The references must outlive this object.
    TracedOptimizer(std::unique_ptr<Optimizer> inner, Trace& trace, Network& network, const Workspace& ws);
    void step() override;

private:
    std::unique_ptr<Optimizer> inner_;
    Trace& trace_;
    Network& network_;
    const Workspace& ws_;
};

}  // namespace hourglass
