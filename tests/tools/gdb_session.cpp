// One training step for gdb_test.sh to stop in; no randomness, so that the values are known.
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/parse_layers.hpp"

using namespace hourglass;

namespace {

// Gives the debugger a place to stop at where all that a step computed is in sight.
void after_step(const Workspace& ws, const Autoencoder& model, const std::vector<Parameter>& parameters,
                const Network& mixed, const unsigned char* garbage, const Matrix* wild, const Workspace* gone) {
    std::printf("%zu and %zu layers, n = %zu, %zu parameters, garbage at %p, %p and %p\n", model.depth(),
                mixed.depth(), ws.Y().rows(), parameters.size(), static_cast<const void*>(garbage),
                static_cast<const void*>(wild), static_cast<const void*>(gone));
}

}  // namespace

int main() {
    const Matrix X = {
        // a and b of data/fonts/font3.txt
        {-1, -1, -1, -1, -1, -1, 1, 1, 1, -1, -1, -1, -1, -1, 1, -1, 1, 1,
         -1, 1, 1, -1, -1, 1, 1, 1, -1, -1, 1, 1, -1, 1, 1, -1, 1},
        {1, -1, -1, -1, -1, 1, -1, -1, -1, -1, 1, -1, -1, -1, -1, 1, 1, 1,
         -1, -1, 1, -1, -1, 1, -1, 1, -1, -1, 1, -1, 1, 1, 1, -1, -1},
    };
    const std::vector<std::size_t> widths = {35, 3, 2};
    Autoencoder model = mirrored_autoencoder(widths, {});
    for (std::size_t l = 1; l <= model.depth(); ++l) {
        const auto W = model.as<Dense>(l).W.flat();
        for (std::size_t p = 0; p < W.size(); ++p) {
            W[p] = static_cast<Scalar>(static_cast<int>(p * p % 11) - 5) / 16;
        }
    }

    Workspace ws(model);
    model.forward(ws, X);
    const double loss = model.loss(ws, X, Loss::cross_entropy);
    model.backward(ws);

    ws.pass[2].kept.push_back({"M", Matrix{{1, 0}, {0, 1}}});  // as a layer with a mask would

    // What a debugger finds in memory that no constructor has seen.
    alignas(std::max_align_t) unsigned char memory[512];
    static_assert(sizeof(memory) >= sizeof(Dense) && sizeof(memory) >= sizeof(Workspace));
    std::memset(memory, 0xcd, sizeof(memory));
    // Fields that agree with each other, and point to nowhere.
    alignas(Workspace) unsigned char left[sizeof(Workspace)];
    std::destroy_at(new (left) Workspace(ws));  // what a destructor leaves
    alignas(Matrix) unsigned char nowhere[sizeof(Matrix)];
    const std::size_t fields[] = {2, 2, 16, 16 + 4 * sizeof(Scalar), 16 + 4 * sizeof(Scalar)};
    static_assert(sizeof(fields) == sizeof(Matrix));
    std::memcpy(nowhere, fields, sizeof(fields));

    const Network mixed(parse_layers("conv(2,3x3,s2,same) relu, conv_transposed(3,2x2,s2), max_pool(2x2,s2) tanh, "
                                     "average_pool(1x2), upsample(3), batch_norm relu, dropout(0.2), dense(4,no_bias), "
                                     "sampling(2,0.5)",
                                     {4, 4, 1}));
    after_step(ws, model, model.parameters(), mixed, memory, reinterpret_cast<const Matrix*>(nowhere),
               reinterpret_cast<const Workspace*>(left));
    return loss > 0 ? 0 : 1;
}
