// The training step of the benchmark with Eigen 3.4, as fast as Eigen lets one write it: preallocated
// matrices, products in place, fused array expressions. Built twice, with Eigen's own products
// (bench_eigen) and with those of OpenBLAS (bench_eigen_openblas) and of BLIS (bench_eigen_blis).
//
// What was tried and measured on W1 to W5 (Zen 4, AVX-512, GCC 12), best of the runs:
// - Samples as rows, row-major (the same memory as samples as columns, column-major): kept. Neurons as
//   rows is slower on every workload, by 25 to 40 % for batches of 5, whose columns fill no vector.
// - W by rows or by columns: no difference beyond the noise; by rows, the order of params.f32.
// - The bias as the initial value that the product adds to, tanh then over the whole matrix: kept. Fused
//   as tanh(Z.rowwise() + b), rows of 25 numbers start unaligned and are mostly computed one number at a
//   time: 25 % slower on W1. Z.rowwise() += b after the product: 15 % slower.
// - lazyProduct, a product of matrix and vector for each sample, or the batch size known to the compiler,
//   for W1 and W2: slower, up to fourfold, or no gain.
// - Adam in chunks of a vector that stay in registers, or of 1024 numbers that stay in L1: alike. In
//   three passes over all parameters: slower on W3.
// - -mno-avx512f: slower (W4 by 25 %). -mprefer-vector-width=512: no difference, for Eigen's vectors are
//   512 bits wide under -march=native, whatever GCC itself prefers.
// - Each tensor aligned to 64 bytes: no difference.

#include <Eigen/Core>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Eigen::Index;
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Row = Eigen::RowVectorXf;
using MatrixView = Eigen::Map<Matrix>;
using RowView = Eigen::Map<Row>;

enum class Activation { tanh, relu, sigmoid };

Activation activation_from_name(const std::string& name) {
    if (name == "tanh") {
        return Activation::tanh;
    }
    if (name == "relu") {
        return Activation::relu;
    }
    if (name == "sigmoid") {
        return Activation::sigmoid;
    }
    throw std::runtime_error("unknown activation '" + name + "'");
}

/// A = f(Z), in place.
void activate(Matrix& A, Activation f) {
    switch (f) {
        case Activation::tanh:
            A.array() = A.array().tanh();
            break;
        case Activation::relu:
            A = A.cwiseMax(0.0f);
            break;
        case Activation::sigmoid:
            A.array() = A.array().logistic();
            break;
    }
}

/// dZ = dA f'(Z), in place, with f' from A = f(Z).
void activate_backward(Matrix& dZ, const Matrix& A, Activation f) {
    switch (f) {
        case Activation::tanh:
            dZ.array() *= 1 - A.array().square();
            break;
        case Activation::relu:
            dZ.array() = (A.array() > 0).select(dZ.array(), 0.0f);
            break;
        case Activation::sigmoid:
            dZ.array() *= A.array() * (1 - A.array());
            break;
    }
}

template <typename Number>
std::vector<Number> read_numbers(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<Number> numbers(std::filesystem::file_size(path) / sizeof(Number));
    file.read(reinterpret_cast<char*>(numbers.data()),
              static_cast<std::streamsize>(numbers.size() * sizeof(Number)));
    if (!file) {
        throw std::runtime_error(path.string() + ": cannot be read");
    }
    return numbers;
}

Matrix read_matrix(const std::filesystem::path& path, Index rows) {
    const std::vector<float> numbers = read_numbers<float>(path);
    const Index cols = static_cast<Index>(numbers.size()) / rows;
    return Eigen::Map<const Matrix>(numbers.data(), rows, cols);
}

/// A workload directory, as bench_steps --export writes it.
struct Workload {
    std::vector<Index> widths;
    std::vector<Activation> activations;
    Index batch;
    Index order_steps;
    float learning_rate;
    Matrix X;  // (samples, widths.front())
    Matrix T;  // (samples, widths.back()); empty: the inputs
    std::vector<float> parameters;
    std::vector<std::int32_t> order;

    explicit Workload(const std::filesystem::path& folder) {
        std::ifstream file(folder / "workload.json");
        const nlohmann::json json = nlohmann::json::parse(file);
        json.at("widths").get_to(widths);
        for (const std::string name : json.at("activations")) {
            activations.push_back(activation_from_name(name));
        }
        json.at("batch").get_to(batch);
        json.at("order_steps").get_to(order_steps);
        json.at("learning_rate").get_to(learning_rate);
        X = read_matrix(folder / "X.f32", json.at("samples"));
        if (json.at("has_targets")) {
            T = read_matrix(folder / "T.f32", json.at("samples"));
        }
        parameters = read_numbers<float>(folder / "params.f32");
        order = read_numbers<std::int32_t>(folder / "order.i32");
    }
};

/// w, its gradient and Adam's moments, each all tensors in one piece, in the order of params.f32. Zeros
/// fill the last chunk, and stay zeros.
class Adam {
public:
    Adam(Index count, float learning_rate)
        : w(Eigen::VectorXf::Zero((count + chunk - 1) / chunk * chunk)),
          g(w),
          m_(w),
          v_(w),
          learning_rate_(learning_rate) {}

    void reset() {
        m_.setZero();
        v_.setZero();
        t_ = 0;
    }

    // m = beta1 m + (1 - beta1) g     v = beta2 v + (1 - beta2) g^2
    // w -= eta m_hat / (sqrt(v_hat) + eps), with the corrections drawn out of the quotient
    void step() {
        ++t_;
        constexpr double beta1 = 0.9;
        constexpr double beta2 = 0.999;
        const double root = std::sqrt(1 - std::pow(beta2, t_));
        const auto rate = static_cast<float>(learning_rate_ * root / (1 - std::pow(beta1, t_)));
        const auto epsilon = static_cast<float>(1e-8 * root);
        for (Index i = 0; i < w.size(); i += chunk) {  // one pass: m and v stay in registers
            const Chunk g_i = View(g.data() + i);
            const Chunk m = float(beta1) * View(m_.data() + i) + float(1 - beta1) * g_i;
            const Chunk v = float(beta2) * View(v_.data() + i) + float(1 - beta2) * g_i.square();
            View(m_.data() + i) = m;
            View(v_.data() + i) = v;
            View(w.data() + i) -= rate * m / (v.sqrt() + epsilon);
        }
    }

    Eigen::VectorXf w;
    Eigen::VectorXf g;

private:
    static constexpr Index chunk = 16;
    using Chunk = Eigen::Array<float, chunk, 1>;
    using View = Eigen::Map<Chunk, Eigen::AlignedMax>;

    Eigen::VectorXf m_;
    Eigen::VectorXf v_;
    float learning_rate_;
    int t_ = 0;
};

class Training {
public:
    explicit Training(const Workload& workload)
        : workload_(workload),
          adam_(static_cast<Index>(workload.parameters.size()), workload.learning_rate) {
        float* w = adam_.w.data();
        float* g = adam_.g.data();
        for (std::size_t l = 0; l + 1 < workload.widths.size(); ++l) {
            const Index in = workload.widths[l];
            const Index out = workload.widths[l + 1];
            W_.emplace_back(w, out, in);
            dW_.emplace_back(g, out, in);
            b_.emplace_back(w + out * in, out);
            db_.emplace_back(g + out * in, out);
            w += out * in + out;
            g += out * in + out;
        }
        for (const Index width : workload.widths) {
            A_.emplace_back(workload.batch, width);
            dZ_.emplace_back(workload.batch, width);
        }
        T_.resize(workload.T.size() > 0 ? workload.batch : 0, workload.widths.back());
        reset();
    }
    Training(const Training&) = delete;  // the views point into adam_
    Training& operator=(const Training&) = delete;

    void reset() {
        std::ranges::copy(workload_.parameters, adam_.w.data());
        adam_.reset();
        steps_ = 0;
    }

    /// @returns the loss before the update
    float step() {
        gather();
        forward();
        const float loss = mean_squared_error();
        backward();
        adam_.step();
        ++steps_;
        return loss;
    }

private:
    void gather() {
        const std::int32_t* samples =
            workload_.order.data() + steps_ % workload_.order_steps * workload_.batch;
        for (Index i = 0; i < workload_.batch; ++i) {
            A_[0].row(i) = workload_.X.row(samples[i]);
        }
        for (Index i = 0; i < T_.rows(); ++i) {
            T_.row(i) = workload_.T.row(samples[i]);
        }
    }

    // A_l+1 = f(A_l W^T + b)
    void forward() {
        for (std::size_t l = 0; l < W_.size(); ++l) {
            A_[l + 1].rowwise() = b_[l];
            A_[l + 1].noalias() += A_[l] * W_[l].transpose();
            activate(A_[l + 1], workload_.activations[l]);
        }
    }

    // L = mean (Y - T)^2     dY = 2 (Y - T) / n
    float mean_squared_error() {
        const Matrix& Y = A_.back();
        const Matrix& T = T_.rows() > 0 ? T_ : A_[0];
        const auto n = static_cast<float>(Y.size());
        dZ_.back() = (2 / n) * (Y - T);
        return dZ_.back().squaredNorm() * (n / 4);
    }

    // dZ = dA f'(Z)     dW = dZ^T A     db = sum_i dZ_i     dA = dZ W
    void backward() {
        for (std::size_t l = W_.size(); l-- > 0;) {
            Matrix& dZ = dZ_[l + 1];
            activate_backward(dZ, A_[l + 1], workload_.activations[l]);
            dW_[l].noalias() = dZ.transpose() * A_[l];
            db_[l] = dZ.colwise().sum();
            if (l > 0) {
                dZ_[l].noalias() = dZ * W_[l];
            }
        }
    }

    const Workload& workload_;
    Adam adam_;
    std::vector<MatrixView> W_;
    std::vector<MatrixView> dW_;
    std::vector<RowView> b_;
    std::vector<RowView> db_;
    std::vector<Matrix> A_;   // the batch, then the activations of each layer
    std::vector<Matrix> dZ_;  // dA until the derivative of the activation is in it
    Matrix T_;
    Index steps_ = 0;
};

struct Speed {
    std::int64_t steps;
    double seconds;
};

/// Trains for so many seconds, looking at the clock every few steps only.
Speed train_for(Training& training, double seconds, std::int64_t at_least, std::int64_t at_once) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    Speed speed = {0, 0};
    while (speed.steps < at_least || speed.seconds < seconds) {
        for (std::int64_t i = 0; i < at_once; ++i) {
            training.step();
        }
        speed.steps += at_once;
        speed.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    }
    return speed;
}

/// From the start, after a warm-up that is not counted.
Speed measure(Training& training, double seconds) {
    training.reset();
    const Speed warm = train_for(training, 0.05 * seconds, 3, 1);
    const double in_a_millisecond = 1e-3 * static_cast<double>(warm.steps) / warm.seconds;
    return train_for(training, seconds, 1, static_cast<std::int64_t>(std::ceil(in_a_millisecond)));
}

/// The products of a BLAS take as many threads as its environment says (running.py). Eigen's own keep to one:
/// built with OpenMP, its threads wait for each other in busy loops, and with anything else on the machine
/// two of them were up to a hundred times slower than one.
void take_part(const std::filesystem::path& folder) {
    const Workload workload(folder);
    Training training(workload);
    std::cout << "losses" << std::setprecision(9);
    for (int step = 0; step < 20; ++step) {
        std::cout << ' ' << training.step();
    }
    std::cout << std::endl;  // flushes: the other end waits for the line
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string command;
        double seconds = 0;
        if (!(words >> command >> seconds) || command != "run" || !(seconds > 0)) {
            throw std::runtime_error("expected a line such as 'run 0.5', got '" + line + "'");
        }
        const Speed speed = measure(training, seconds);
        std::cout << "steps " << speed.steps << " seconds " << speed.seconds << std::endl;
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {  // the second is for programs that need to be told; running.py tells all of them
        std::cerr << "usage: " << argv[0] << " WORKLOAD_DIR THREADS\n";
        return 2;
    }
    try {
        take_part(argv[1]);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << argv[0] << ": " << error.what() << '\n';
        return 1;
    }
}
