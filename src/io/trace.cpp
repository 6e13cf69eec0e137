#include "hourglass/io/trace.hpp"

#include <utility>

#include "hourglass/io/files.hpp"

namespace hourglass {

Trace::Trace(std::filesystem::path file, std::uint64_t seed) : file_(std::move(file)) {
    content_.metadata["seed"] = std::to_string(seed);
}

void Trace::add_loss(double loss, const Matrix& T) {
    if (file_.empty()) {
        return;
    }
    loss_ = loss;
    T_ = T;
}

void Trace::add(const std::string& name, std::vector<std::size_t> shape, std::span<const Scalar> values) {
    data_.push_back(std::make_unique<std::string>(reinterpret_cast<const char*>(values.data()), values.size_bytes()));
    content_.tensors.push_back({std::to_string(step_) + "." + name, scalar_dtype, std::move(shape), *data_.back()});
}

void Trace::add_parameters(Network& network) {
    for (const Parameter& p : network.parameters()) {
        add(p.name, p.shape, p.value);
    }
}

void Trace::add_step(Network& network, const Workspace& ws) {
    if (file_.empty()) {
        return;
    }
    add_parameters(network);
    add("T", {T_.rows(), T_.cols()}, T_.flat());
    for (const Workspace::Named& matrix : ws.matrices(network)) {
        if (!matrix.value->empty()) {
            add(matrix.name, {matrix.value->rows(), matrix.value->cols()}, matrix.value->flat());
        }
    }
    for (const Parameter& p : network.parameters()) {
        if (!p.gradient.empty()) {
            const std::size_t at = p.name.rfind('.') + 1;  // "encoder.0.dW"
            add(p.name.substr(0, at) + "d" + p.name.substr(at), p.shape, p.gradient);
        }
    }
    const Scalar loss = static_cast<Scalar>(loss_);
    add("loss", {}, {&loss, 1});
    ++step_;
}

void Trace::finish_after_last(Network& network) {
    if (step_ > steps) {
        finish(network);
    }
}

void Trace::finish(Network& network) {
    if (file_.empty()) {
        return;
    }
    add_parameters(network);
    content_.metadata["steps"] = std::to_string(step_ - 1);
    write_file(file_, safetensors_bytes(content_));
    file_.clear();
}

TracedOptimizer::TracedOptimizer(std::unique_ptr<Optimizer> inner, Trace& trace, Network& network, const Workspace& ws)
    : Optimizer({}, inner->learning_rate()), inner_(std::move(inner)), trace_(trace), network_(network), ws_(ws) {}

void TracedOptimizer::step() {
    trace_.add_step(network_, ws_);
    inner_->set_learning_rate(learning_rate());
    inner_->step();
    trace_.finish_after_last(network_);
}

}  // namespace hourglass
