#pragma once

#include <cstddef>

#include "hourglass/nn/network.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "workloads.hpp"

namespace hourglass::bench {

/// A training of a workload, from its start.
class Training {
public:
    /// @param workload  must outlive this object   @param network  with the parameters to start from
    Training(const Workload& workload, Network network);
    Training(const Training&) = delete;  // adam_ points into network_
    Training& operator=(const Training&) = delete;

    /// One training step. @returns the loss before the update
    double step();

    const Network& network() const { return network_; }
    const Workspace& workspace() const { return ws_; }

private:
    const Workload& workload_;
    Network network_;
    Adam adam_;
    Workspace ws_;
    Matrix T_;
    std::size_t steps_ = 0;
};

/// How many steps all programs of a comparison have to make alike.
inline constexpr std::size_t compared_steps = 20;

/// The losses of these steps.
std::vector<double> first_losses(const Workload& workload, const Network& network);

struct Speed {
    std::size_t steps = 0;
    double seconds = 0;
};

/// Trains for so many seconds, after a warm-up that is not counted.
Speed measure(Training& training, double seconds);

/// As many as the machine runs side by side.
int all_cores();

}  // namespace hourglass::bench
