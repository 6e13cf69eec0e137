// Counts every allocation of this program, to hold "a training step allocates nothing".

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "hourglass/nn/training.hpp"
#include "nn/testing.hpp"

namespace {

std::atomic<std::size_t> allocations = 0;

void* allocate(std::size_t size, std::size_t alignment) {
    ++allocations;
    // aligned_alloc wants a size that is a multiple of the alignment, and not zero.
    const std::size_t rounded = (size / alignment + 1) * alignment;
    if (void* const memory = std::aligned_alloc(alignment, rounded)) {
        return memory;
    }
    throw std::bad_alloc();
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
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

namespace hourglass {

using testing::Kind;

namespace {

/// An autoencoder at its training, with a last batch that is smaller than the others.
struct Training {
    Rng rng{1};
    testing::Output output;
    Activation hidden;
    Autoencoder model{std::array<std::size_t, 3>{9, 6, 3},
                      {.hidden = hidden, .latent = {Kind::tanh}, .output = output.activation},
                      Initialization::layer_scaled,
                      rng};
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

}  // namespace hourglass
