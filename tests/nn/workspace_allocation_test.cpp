// Counts the allocations and the bytes of this program, to hold "a training step allocates nothing" and "a
// training takes no more memory than it has numbers to keep".

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>

#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/divergence.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/transposed_convolution.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "hourglass/nn/minibatches.hpp"
#include "hourglass/nn/parse_layers.hpp"
#include "hourglass/nn/schedule.hpp"
#include "nn/testing.hpp"

namespace {

std::atomic<std::size_t> allocations = 0;
std::atomic<std::size_t> in_use = 0;  // bytes
std::atomic<std::size_t> most_in_use = 0;

/// A block has its size in front of it, for delete is not always told.
std::size_t header_of(std::size_t alignment) {
    static_assert(alignof(std::max_align_t) >= sizeof(std::size_t));
    return std::max(alignment, alignof(std::max_align_t));
}

void* allocate(std::size_t size, std::size_t alignment) {
    ++allocations;
    const std::size_t header = header_of(alignment);
    // aligned_alloc wants a size that is a multiple of the alignment.
    void* const block = std::aligned_alloc(header, (size / header + 2) * header);
    if (block == nullptr) {
        throw std::bad_alloc();
    }
    new (block) std::size_t(size);
    const std::size_t now = in_use += size;
    std::size_t most = most_in_use;
    while (now > most && !most_in_use.compare_exchange_weak(most, now)) {
    }
    return static_cast<std::byte*>(block) + header;
}

void release(void* memory, std::size_t alignment) {
    if (memory != nullptr) {
        void* const block = static_cast<std::byte*>(memory) - header_of(alignment);
        in_use -= *static_cast<std::size_t*>(block);
        std::free(block);
    }
}

}  // namespace

// The array and nothrow forms of the standard library come down to these.
void* operator new(std::size_t size) {
    return allocate(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    release(memory, alignof(std::max_align_t));
}
void operator delete(void* memory, std::size_t) noexcept {
    release(memory, alignof(std::max_align_t));
}
void operator delete(void* memory, std::align_val_t alignment) noexcept {
    release(memory, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory, std::size_t, std::align_val_t alignment) noexcept {
    release(memory, static_cast<std::size_t>(alignment));
}

namespace hourglass {

using testing::Kind;

namespace {

/// An autoencoder at its training, with a last batch that is smaller than the others.
struct Training {
    Rng rng{1};
    testing::Output output;
    Activation hidden;
    Autoencoder model = mirrored_autoencoder(
        std::array<std::size_t, 3>{9, 6, 3},
        {.hidden = hidden, .latent = {Kind::tanh}, .output = output.activation},
        Initialization::layer_scaled, rng);
    Matrix X = testing::random_matrix(22, 9, rng);
    Matrix T = testing::random_targets(22, 9, output, rng);
    std::unique_ptr<Optimizer> optimizer;
    Minibatches batches{X, T, 8};
    Workspace ws{model};

    Training(const testing::Output& o, const Activation& f, const OptimizerOptions& options)
        : output(o), hidden(f), optimizer(make_optimizer(model.parameters(), options)) {}

    double epoch() {
        double loss = 0;
        for (const Batch& batch : batches.shuffled(rng)) {
            model.forward(ws, batch.X);
            loss += model.loss(ws, batch.T, output.loss);
            model.backward(ws);
            optimizer->step();
            optimizer->set_learning_rate(
                scheduled_learning_rate({Schedule::Kind::cosine}, 0.01, 1, 10));
            if (find_divergence(model, ws)) {
                break;
            }
        }
        return loss;
    }
};

const std::array<OptimizerOptions, 5> optimizers = {
    {{.name = "sgd"},
     {.name = "sgd", .momentum = 0.9},
     {.name = "sgd", .momentum = 0.9, .nesterov = true},
     {.name = "adagrad"},
     {.name = "adam"}}};

}  // namespace

TEST_CASE("Workspace: training allocates nothing after the first step") {
    for (const testing::Output& output : testing::all_outputs()) {
        for (const OptimizerOptions& options : optimizers) {
            CAPTURE(testing::describe({Kind::tanh}, output, 4));
            CAPTURE(options.name);
            Training training(output, {Kind::tanh}, options);
            std::size_t before = 0;
            bool first = true;
            for (const Batch& batch : training.batches.shuffled(training.rng)) {
                training.model.forward(training.ws, batch.X);
                training.model.loss(training.ws, batch.T, output.loss);
                training.model.backward(training.ws);
                training.optimizer->step();
                if (first) {
                    before = allocations;
                    first = false;
                }
            }
            training.epoch();
            training.epoch();
            const std::size_t after = allocations;
            CHECK(after - before == 0);
        }
    }
}

TEST_CASE("Workspace: later epochs allocate nothing with any activation") {
    for (const Activation& hidden : testing::all_activations) {
        CAPTURE(name_of(hidden));
        Training training({Loss::cross_entropy, {Kind::tanh}}, hidden, {});
        training.epoch();
        const std::size_t before = allocations;
        const double loss = training.epoch();
        const std::size_t after = allocations;
        CHECK(after - before == 0);
        CHECK(loss > 0);
    }
}

TEST_CASE("Workspace: later steps of convolutions allocate nothing") {
    Rng rng(2);
    const Convolution there({{6, 5, 2}, 3, 3, 2, Window::Padding::same}, 20);
    const TransposedConvolution back({3, 3, 20}, 2, 3, 3, 2);
    Network network = testing::network_of(there, back);
    initialize(network, Initialization::he, rng);
    const Matrix X = testing::random_matrix(11, network.in(), rng);
    const Matrix T = testing::random_matrix(11, network.out(), rng);
    const Matrix few = testing::random_matrix(3, network.in(), rng);
    const Matrix few_T = testing::random_matrix(3, network.out(), rng);
    Workspace ws(network);
    Adam adam(network.parameters(), {});
    const auto step = [&](const Matrix& inputs, const Matrix& targets) {
        network.forward(ws, inputs);
        network.loss(ws, targets, Loss::mean_squared_error);
        network.backward(ws);
        network.backward_input(ws);
        adam.step();
    };
    step(X, T);
    const std::size_t before = allocations;
    step(few, few_T);
    step(X, T);
    const std::size_t after = allocations;
    CHECK(after - before == 0);
}

// The twins: were the counter blind, the tests above would pass whatever happened.
TEST_CASE("Workspace: the counter sees a workspace that is made anew each epoch") {
    Training training({Loss::cross_entropy, {Kind::tanh}}, {Kind::tanh}, {});
    training.epoch();
    const std::size_t before = allocations;
    training.ws = Workspace(training.model);
    training.epoch();
    const std::size_t after = allocations;
    CHECK(after - before >= 4 * training.model.depth());
}

TEST_CASE("Workspace: the counter sees a batch that outgrows the first") {
    Training training({Loss::cross_entropy, {Kind::tanh}}, {Kind::tanh}, {});
    training.epoch();
    std::size_t before = allocations;
    training.model.forward(training.ws, training.X);  // all 22 rows
    std::size_t after = allocations;
    CHECK(after > before);

    before = allocations;
    training.model.forward(training.ws, training.X);
    after = allocations;
    CHECK(after == before);
}

TEST_CASE("Workspace: with layers of every kind, later epochs allocate nothing") {
    Rng rng(2);
    Network network(parse_layers("conv(3,3x3,same,no_bias), batch_norm relu, max_pool(2x2,s2), dropout(0.3), "
                                 "dense(6), sampling(3), dense(8), upsample(2x2x2,2) tanh, "
                                 "conv_transposed(2,2x2,s2), average_pool(2x2) tanh",
                                 {5, 4, 2}));
    initialize(network, Initialization::xavier, rng);
    const Matrix X = testing::random_matrix(10, network.in(), rng), T(10, network.out());
    Workspace ws(network, 1);
    Minibatches batches(X, T, 4);  // the last is smaller
    Adam adam(network.parameters(), {});
    std::size_t before = 0;
    for (int epoch = 0; epoch < 3; ++epoch) {
        for (const Batch& batch : batches.shuffled(rng)) {
            network.forward(ws, batch.X);
            network.loss(ws, batch.T, Loss::cross_entropy);
            network.backward(ws);
            network.backward_input(ws);
            adam.step();
        }
        before = epoch == 0 ? allocations.load() : before;
    }
    const std::size_t after = allocations;
    CHECK(after - before == 0);
}

namespace {

/// The most bytes that a training of 20 steps has on the heap at a time, with its data, as a multiple of what
/// it has to keep: each parameter with its gradient and two moments, one workspace, and the data.
double peak_over_need(bool with_all_samples = false) {
    constexpr std::size_t samples = 320, batch_size = 32;
    const std::vector<std::size_t> widths = {50, 25, 5};
    const std::size_t before = in_use;
    most_in_use = before;

    Rng rng(1);
    const Matrix X = testing::random_matrix(samples, widths.front(), rng);
    Autoencoder model = mirrored_autoencoder(widths, {}, Initialization::layer_scaled, rng);
    Adam adam(model.parameters(), {});
    Minibatches batches(X, X, batch_size);
    Workspace ws(model);
    for (int epoch = 1; epoch <= 2; ++epoch) {
        for (const Batch& batch : batches.shuffled(rng)) {
            model.forward(ws, batch.X);
            model.loss(ws, batch.T, Loss::cross_entropy);
            model.backward(ws);
            adam.step();
        }
    }
    if (with_all_samples) {
        Workspace all(model);
        model.forward(all, X);
    }

    const std::size_t outputs = 25 + 5 + 25 + 50;
    const std::size_t workspace = batch_size * (50 + 4 * outputs);  // X, and Z, A, dZ, dA
    const std::size_t data = (samples + 2 * batch_size) * 50;       // X; X and T of a batch
    const std::size_t need = sizeof(Scalar) * (4 * model.parameter_count() + workspace + data);
    return static_cast<double>(most_in_use - before) / static_cast<double>(need);
}

}  // namespace

TEST_CASE("Workspace: a training takes at most 1.3 times the memory of what it has to keep") {
    const double ratio = peak_over_need();
    CHECK(ratio <= 1.3);
    CHECK(ratio > 0.9);  // dA of the output is not needed by a cross-entropy
}

TEST_CASE("Workspace: the counter sees a workspace for all samples at once") {
    CHECK(peak_over_need(true) > 1.3);
}

}  // namespace hourglass
