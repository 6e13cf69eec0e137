#pragma once

#include <chrono>
#include <string>

namespace hourglass {

/// One line on the terminal that says how far training is; nothing where stderr is no terminal.
class Progress {
public:
    /// @param total  of what is counted, such as epochs
    Progress(int total, bool quiet);

    /// Says what is being done that has no count, such as "drawing", for as long as this lives.
    Progress(const std::string& what, bool quiet);
    ~Progress() { clear(); }

    /// work(), while the line is there.
    template <class Work>
    auto during(const Work& work) const {
        return work();
    }

    /// Shows "epoch 840/2000", the time left, what `details` says and the speed, as far as they fit the
    /// terminal's line; at most ten times a second.
    void show(const char* unit, double done, const std::string& details);

    /// Takes the line away.
    void clear();

    /// Would show() write now? For a caller whose details take time to put together.
    bool due() const;

private:
    void write(const std::string& text);

    using Clock = std::chrono::steady_clock;

    int total_;
    bool enabled_;
    std::size_t shown_ = 0;  // characters
    Clock::time_point start_ = Clock::now();
    Clock::time_point last_ = {};
};

}  // namespace hourglass
