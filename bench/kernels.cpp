// bench_kernels: the kernels on their own, each beside the plain loop that it has to beat. One thread.
// --benchmark_filter=matmul_nt/W4 and the like choose; the other options are Google Benchmark's.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "hourglass/core/threads.hpp"
#include "hourglass/core/matmul.hpp"
#include "hourglass/core/random.hpp"
#include "hourglass/core/elementwise.hpp"
#include "hourglass/core/reference.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "training.hpp"
#include "workloads.hpp"

namespace hourglass::bench {
namespace {

using benchmark::Counter;

Matrix random_matrix(std::size_t rows, std::size_t cols) {
    Rng rng(5);
    Matrix matrix(rows, cols);
    std::ranges::generate(matrix.flat(), [&] { return static_cast<Scalar>(rng.normal()); });
    return matrix;
}

void count(benchmark::State& state, const char* unit, std::size_t of_each_call) {
    state.counters[unit] =
        Counter(static_cast<double>(of_each_call), Counter::kIsIterationInvariantRate);
}

// ---- The three products, on the shapes of the workloads -------------------------------------------

using Product = void (*)(Matrix& C, const Matrix& A, const Matrix& B);

// The plain loops add to a C that is zero.
void reference_nt(Matrix& C, const Matrix& A, const Matrix& B) {
    C = Matrix(A.rows(), B.rows());
    reference::matmul_nt(C, A, B);
}
void reference_nn(Matrix& C, const Matrix& A, const Matrix& B) {
    C = Matrix(A.rows(), B.cols());
    reference::matmul_nn(C, A, B);
}
void reference_tn(Matrix& C, const Matrix& A, const Matrix& B) {
    C = Matrix(A.cols(), B.cols());
    reference::matmul_tn(C, A, B);
}

/// A product of a layer with a batch of n samples.
struct Shape {
    std::size_t n = 0;
    std::size_t in = 0;
    std::size_t out = 0;

    std::string text() const {
        return std::to_string(n) + "x" + std::to_string(in) + "x" + std::to_string(out);
    }
};

void run_product(benchmark::State& state, Product product, const Matrix& A, const Matrix& B,
                 const Shape& shape) {
    Matrix C;
    for (auto _ : state) {
        product(C, A, B);
        benchmark::DoNotOptimize(C.flat().data());
        benchmark::ClobberMemory();
    }
    count(state, "FLOP", 2 * shape.n * shape.in * shape.out);
}

/// Z = X W^T, dX = dZ W and dW = dZ^T X of layer l.
void register_products(const Specification& s, std::size_t l, const Dense& dense) {
    const Shape shape = {s.batch_size, dense.in(), dense.out()};
    const std::string layer =
        "/" + s.name + "_" + s.title + "/layer_" + std::to_string(l) + "/" + shape.text();
    const auto add = [&](const std::string& name, Product product, auto first, auto second) {
        benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
            run_product(state, product, first(), second(), shape);
        });
    };
    const auto X = [shape] { return random_matrix(shape.n, shape.in); };
    const auto W = [shape] { return random_matrix(shape.out, shape.in); };
    const auto dZ = [shape] { return random_matrix(shape.n, shape.out); };
    add("matmul_nt" + layer + "/fast", matmul_nt, X, W);
    add("matmul_nt" + layer + "/reference", reference_nt, X, W);
    if (l > 1) {  // training needs no dX of the first layer
        add("matmul_nn" + layer + "/fast", matmul_nn, dZ, W);
        add("matmul_nn" + layer + "/reference", reference_nn, dZ, W);
    }
    add("matmul_tn" + layer + "/fast", matmul_tn, dZ, X);
    add("matmul_tn" + layer + "/reference", reference_tn, dZ, X);
}

// ---- Functions of each element --------------------------------------------------------------------

using Function = void (*)(std::span<Scalar> y, std::span<const Scalar> x);

void std_tanh(std::span<Scalar> y, std::span<const Scalar> x) {
    std::ranges::transform(x, y.begin(), [](Scalar value) { return std::tanh(value); });
}

void std_sigmoid(std::span<Scalar> y, std::span<const Scalar> x) {
    std::ranges::transform(x, y.begin(), [](Scalar value) { return 1 / (1 + std::exp(-value)); });
}

void std_exp(std::span<Scalar> y, std::span<const Scalar> x) {
    std::ranges::transform(x, y.begin(), [](Scalar value) { return std::exp(value); });
}

void register_function(const std::string& name, Function function) {
    for (const std::size_t size : {175u, 20'480u, 200'704u}) {  // activations of W1, W3 and W4
        const std::string full_name = name + "/" + std::to_string(size);
        benchmark::RegisterBenchmark(full_name.c_str(), [=](benchmark::State& state) {
            const Matrix x = random_matrix(1, size);
            Matrix y = x;
            for (auto _ : state) {
                function(y.flat(), x.flat());
                benchmark::DoNotOptimize(y.flat().data());
                benchmark::ClobberMemory();
            }
            count(state, "elements", size);
        });
    }
}

// ---- Optimizers -----------------------------------------------------------------------------------

/// @param arrays_moved  that the algorithm has to read and write in a step, as large as the parameters each
void register_optimizer(const OptimizerOptions& options, std::size_t arrays_moved,
                        const Specification& specification) {
    const std::string name = options.name + (options.momentum > 0 ? "_momentum" : "") + "_step/" +
                             specification.name + "_" + specification.title;
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
        Network network = make_network(specification);
        for (std::size_t l = 1; l <= network.depth(); ++l) {
            Dense& dense = network.as<Dense>(l);
            std::ranges::fill(dense.dW.flat(), Scalar{0.001f});
            std::ranges::fill(dense.db, Scalar{0.001f});
        }
        const auto optimizer = make_optimizer(network.parameters(), options);
        for (auto _ : state) {
            optimizer->step();
            benchmark::ClobberMemory();
        }
        const std::size_t parameters = network.parameter_count();
        count(state, "elements", parameters);
        count(state, "bytes", arrays_moved * sizeof(Scalar) * parameters);
    });
}

void register_all() {
    for (const Specification& specification : all_specifications()) {
        const Network network = make_network(specification);
        for (std::size_t l = 1; l <= network.depth(); ++l) {
            if (const auto* dense = dynamic_cast<const Dense*>(&network.layer(l))) {
                register_products(specification, l, *dense);
            }
        }
    }
    register_function("tanh/hourglass", elementwise::tanh);
    register_function("tanh/std", std_tanh);
    register_function("sigmoid/hourglass", elementwise::sigmoid);
    register_function("sigmoid/std", std_sigmoid);
    register_function("exp/hourglass", elementwise::exp);
    register_function("exp/std", std_exp);
    for (const Specification& specification : all_specifications()) {
        register_optimizer({.name = "adam"}, 7, specification);                  // w g m v, w m v
        register_optimizer({.name = "sgd"}, 3, specification);                   // w g, w
        register_optimizer({.name = "sgd", .momentum = 0.9}, 5, specification);  // w g v, w v
        register_optimizer({.name = "adagrad"}, 5, specification);               // w g G, w G
    }
}

}  // namespace
}  // namespace hourglass::bench

int main(int argc, char** argv) {
    hourglass::set_threads(1);
    hourglass::bench::register_all();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 2;
    }
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
