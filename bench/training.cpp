#include "training.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "hourglass/core/rows.hpp"
#include "hourglass/core/threads.hpp"

namespace hourglass::bench {

Training::Training(const Workload& workload, Network network)
    : workload_(workload),
      network_(std::move(network)),
      adam_(network_.parameters(), {.learning_rate = workload.learning_rate}),
      ws_(network_, 4) {}

double Training::step() {
    const std::span<const std::size_t> samples = workload_.samples(steps_++);
    const std::span<const std::size_t> next_samples = workload_.samples(steps_);
    gather_rows(ws_.A[0], workload_.X, samples);
    prefetch_rows(workload_.X, next_samples);
    if (!workload_.T.empty()) {
        gather_rows(T_, workload_.T, samples);
        prefetch_rows(workload_.T, next_samples);
    }
    const Matrix& T = workload_.T.empty() ? ws_.A[0] : T_;  // an autoencoder's target is its input

    network_.forward(ws_);                                        // Y = f(X; W, b)
    const double loss = network_.loss(ws_, T, workload_.loss);  // L, dZ of the last layer
    network_.backward(ws_);                                       // dW, db, last layer first
    adam_.step();                                                 // W -= eta ...
    return loss;
}

std::vector<double> first_losses(const Workload& workload, const Network& network) {
    Training training(workload, network);
    std::vector<double> losses(compared_steps);
    std::ranges::generate(losses, [&] { return training.step(); });
    return losses;
}

namespace {

/// Trains at least so many steps and seconds, and looks at the clock every `stride` steps.
Speed train_for(Training& training, double seconds, std::size_t least_steps, std::size_t stride) {
    using Clock = std::chrono::steady_clock;
    Speed speed;
    const Clock::time_point start = Clock::now();
    while (speed.seconds < seconds || speed.steps < least_steps) {
        for (std::size_t step = 0; step < stride; ++step) {
            training.step();
        }
        speed.steps += stride;
        speed.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    }
    return speed;
}

}  // namespace

Speed measure(Training& training, double seconds) {
    const Speed warm_up = train_for(training, 0.05 * seconds, 3, 1);
    // A look at the clock costs some 30 ns: once in 50 us it is out of sight.
    const double steps_a_second = static_cast<double>(warm_up.steps) / warm_up.seconds;
    const std::size_t stride = 1 + static_cast<std::size_t>(50e-6 * steps_a_second);
    return train_for(training, seconds, 1, stride);
}

int all_cores() {
    return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

}  // namespace hourglass::bench
