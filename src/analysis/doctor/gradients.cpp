#include <algorithm>

#include "hourglass/analysis/doctor.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/nn/central_differences.hpp"
#include "hourglass/nn/equation_check.hpp"

namespace hourglass {
namespace {

constexpr std::size_t rows_of_check = 5;  // with few, what a mistake does to sums and factors differs most
constexpr std::size_t elements_of_check = 24;  // of each tensor

/// Was there nothing to compare, such as behind a unit that is dead for the whole batch?
bool saw_nothing(const TensorCheck& t) {
    return t.compared == 0 || (t.analytic == 0 && t.numeric == 0 && t.relative_error == 0);
}

}  // namespace

Matrix some_rows(const Matrix& X, std::size_t size) {
    return rows_of(X, spread_positions(X.rows(), size));
}

Finding examine_gradients(const Patient& patient) {
    Network network = patient.network;
    Workspace ws(network, patient.seed);
    const Matrix X = some_rows(patient.X, rows_of_check), T = some_rows(patient.T, rows_of_check);
    network.forward(ws, X);
    network.loss(ws, T, patient.loss);
    network.backward(ws);
    network.backward_input(ws);
    GradientCheck check = check_equations(network, ws, T, patient.loss, {.elements = elements_of_check});
    std::size_t compared = 0, unseen = 0;
    for (TensorCheck& tensor : check.tensors) {
        compared += tensor.compared;
        unseen += !tensor.passed && saw_nothing(tensor);
        tensor.passed = tensor.passed || saw_nothing(tensor);
    }
    Finding finding{"gradients", Verdict::well, {}, {}};
    if (unseen == check.tensors.size()) {
        return {"gradients", Verdict::wrong, "all of them are zero",
                "Nothing comes back from the loss, so nothing can be learned: look at the loss and the last "
                "layer first."};
    }
    finding.number = std::to_string(compared) + " elements of " + std::to_string(check.tensors.size()) +
                     " tensors, relative error at most " + to_text(check.worst_relative_error(), 2);
    for (const TensorCheck& tensor : check.tensors) {  // the last that is off is where it went wrong first
        if (!tensor.passed) {
            finding = {"gradients", Verdict::wrong, tensor.hint,
                       tensor.worst + ": backward says " + to_text(tensor.analytic) +
                           ", central differences say " + to_text(tensor.numeric) +
                           ". Compare that equation with docs/backprop.md."};
        }
    }
    return finding;
}

Finding examine_optimizer(const OptimizerOptions& options, const OptimizerMaker& make) {
    OptimizerCheck check;
    try {
        check = check_optimizer(options, make);
    } catch (const Error& error) {  // of a student's tree, which does not have the equations
        return {"optimizer", Verdict::notice, error.what(), "It was not looked at."};
    }
    if (check.passed) {
        return {"optimizer",
                Verdict::well,
                options.name + ": two steps as in its equations, relative error at most " +
                    to_text(check.relative_error, 2),
                {}};
    }
    return {"optimizer", Verdict::wrong, check.message,
            "Compare the step with the equations above the class in nn/optimizer.hpp."};
}

}  // namespace hourglass
