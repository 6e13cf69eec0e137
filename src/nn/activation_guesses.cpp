// The mistakes that are tried in dZ = dA * f'(Z) and in the loss.

#include <algorithm>
#include <cmath>
#include <iterator>

#include "layer_equation.hpp"

namespace hourglass {
namespace {

using Kind = Activation::Kind;

/// What is known of one element: z, a = f(z), da, and f' there, by central differences.
struct Element {
    double z, a, da, slope;
    double slope_at_a;     // f'(a)
    double formula;        // what f' is in terms of a, whatever forward made of z
    double slope_of_next;  // ... and that of the layer after
    double row_sum;        // sum_k da_k a_k
};

/// f' at the positions of V, by central differences.
std::vector<double> slopes(const Activation& f, Matrix V, const std::vector<std::size_t>& positions,
                           double h) {
    Matrix A;
    const Numbers sum = [&](std::vector<double>& a) {
        activation_forward(A, V, f);
        a.assign(1, 0);
        for (const Scalar value : A.flat()) {
            a[0] += static_cast<double>(value);
        }
    };
    return central_differences(V.flat(), positions, sum, {}, h).sum();
}

/// What f' is in terms of a.
double formula(const Activation& f, double a) {
    switch (f.kind) {
        case Kind::tanh:
            return 1 - a * a;
        case Kind::sigmoid:
        case Kind::softmax:
            return a * (1 - a);
        case Kind::relu:
            return a > 0 ? 1 : 0;
        case Kind::leaky_relu:
            return a > 0 ? 1 : f.alpha;
        default:
            return 1;
    }
}

struct Rule {
    const char* name;
    double (*dz)(const Element&, double alpha);
};

const Rule of_any[] = {
    {"missing f': dA in place of dA * f'(Z)", [](const Element& e, double) { return e.da; }},
    {"f' at the wrong argument: f'(A) in place of f'(Z)",
     [](const Element& e, double) { return e.da * e.slope_at_a; }},
    {"f' applied twice", [](const Element& e, double) { return e.da * e.slope * e.slope; }},
    {"f' alone, without dA", [](const Element& e, double) { return e.slope; }},
    {"f in place of f'", [](const Element& e, double) { return e.da * e.a; }},
};
const Rule of_next[] = {
    {"f' of the layer after", [](const Element& e, double) { return e.da * e.slope_of_next; }},
};
const Rule of_forward[] = {
    {"A is not f(Z): forward is wrong, not this", [](const Element& e, double) { return e.da * e.formula; }},
};
const Rule of_tanh[] = {
    {"f' at the wrong argument: 1 - z^2 in place of 1 - a^2",
     [](const Element& e, double) { return e.da * (1 - e.z * e.z); }},
    {"1 - a in place of 1 - a^2", [](const Element& e, double) { return e.da * (1 - e.a); }},
};
const Rule of_sigmoid[] = {
    {"f' at the wrong argument: z (1 - z) in place of a (1 - a)",
     [](const Element& e, double) { return e.da * e.z * (1 - e.z); }},
    {"1 - a in place of a (1 - a)", [](const Element& e, double) { return e.da * (1 - e.a); }},
};
const Rule of_relus[] = {
    {"leaky slope lost: 0 where z <= 0", [](const Element& e, double) { return e.z > 0 ? e.da : 0; }},
    {"the slope of z <= 0 on both sides", [](const Element& e, double alpha) { return alpha * e.da; }},
    {"the two sides exchanged", [](const Element& e, double alpha) { return e.z > 0 ? alpha * e.da : e.da; }},
    {"the leaky slope of another alpha, 0.01",
     [](const Element& e, double) { return e.z > 0 ? e.da : 0.01 * e.da; }},
};
const Rule of_softmax[] = {
    {"softmax Jacobian taken as diagonal: da a (1 - a)",
     [](const Element& e, double) { return e.da * e.a * (1 - e.a); }},
    {"softmax without its sum: a da", [](const Element& e, double) { return e.da * e.a; }},
    {"softmax without the factor a: da - sum", [](const Element& e, double) { return e.da - e.row_sum; }},
};

std::span<const Rule> rules_of(const Activation& f) {
    switch (f.kind) {
        case Kind::tanh:
            return of_tanh;
        case Kind::sigmoid:
            return of_sigmoid;
        case Kind::relu:
        case Kind::leaky_relu:
            return of_relus;
        case Kind::softmax:
            return of_softmax;
        default:
            return {};
    }
}

std::vector<Guess> by_rules(std::span<const Rule> rules, const std::vector<Element>& elements, double alpha) {
    std::vector<Guess> guesses;
    for (const Rule& rule : rules) {
        guesses.push_back({rule.name, {}});
        for (const Element& e : elements) {
            guesses.back().value.push_back(rule.dz(e, alpha));
        }
    }
    return guesses;
}

}  // namespace

std::vector<Guess> guesses_of_activation(const Activation& f, const Activation* next, const Matrix& Z,
                                         const Matrix& A, const Matrix& dA, const Derivatives& right,
                                         double h) {
    const std::vector<double> at_z = slopes(f, Z, right.positions, h),
                              at_a = slopes(f, A, right.positions, h);
    std::vector<Element> elements;
    for (std::size_t e = 0; e < right.positions.size(); ++e) {
        const std::size_t p = right.positions[e], i = p / Z.cols();
        double row_sum = 0;
        for (std::size_t k = 0; k < Z.cols(); ++k) {
            row_sum += static_cast<double>(dA(i, k)) * static_cast<double>(A(i, k));
        }
        elements.push_back({static_cast<double>(Z.flat()[p]), static_cast<double>(A.flat()[p]),
                            static_cast<double>(dA.flat()[p]), at_z[e], at_a[e],
                            formula(f, static_cast<double>(A.flat()[p])),
                            formula(next ? *next : f, static_cast<double>(A.flat()[p])), row_sum});
    }
    const double alpha = f.kind == Kind::leaky_relu ? f.alpha : 0;
    std::vector<Guess> guesses = by_rules(rules_of(f), elements, alpha);
    const auto add = [&](std::span<const Rule> rules) {
        std::ranges::move(by_rules(rules, elements, alpha), std::back_inserter(guesses));
    };
    add(of_any);
    if (f.kind != Kind::softmax) {
        add(of_forward);
    }
    if (next) {
        add(of_next);
    }
    add_samples_left_out(guesses, right, Z);
    return guesses;
}

std::vector<Guess> guesses_of_loss(Loss loss, const Activation& f, const Matrix& Y, const Matrix& T,
                                   const Derivatives& right) {
    const double n = static_cast<double>(Y.rows()), d = static_cast<double>(Y.cols());
    const bool fused = loss == Loss::cross_entropy;
    std::vector<Guess> guesses;
    const auto add = [&](const std::string& name, const auto& value) {
        guesses.push_back({name, right.sum()});
        for (std::size_t e = 0; e < right.positions.size(); ++e) {
            const std::size_t p = right.positions[e];
            guesses.back().value[e] = value(static_cast<double>(Y.flat()[p]),
                                            static_cast<double>(T.flat()[p]), guesses.back().value[e]);
        }
    };
    add("the wrong sign: T - Y in place of Y - T", [](double, double, double v) { return -v; });
    add("1/n missing", [&](double, double, double v) { return n * v; });
    add("1/n doubled", [&](double, double, double v) { return v / n; });
    if (fused) {
        add("f' of the output, which the cross-entropy has cancelled",
            [&](double y, double, double v) { return v * (f.kind == Kind::tanh ? 1 - y * y : y * (1 - y)); });
        add("1/d too much: the cross-entropy is a sum over the outputs",
            [&](double, double, double v) { return v / d; });
        add("the gradient of the squared error",
            [&](double y, double t, double) { return 2 * (y - t) / (n * d); });
        add("T forgotten", [&](double y, double, double) { return y / n; });
    } else {
        add("1/d missing: divided by n alone", [&](double, double, double v) { return d * v; });
        add("1/(n d) missing", [&](double, double, double v) { return n * d * v; });
        add(loss == Loss::mean_squared_error ? "the 2 of the square's derivative lost" : "halved",
            [](double, double, double v) { return v / 2; });
        add("T forgotten", [&](double y, double, double) { return 2 * y / (n * d); });
        add("the gradient of the squared error",
            [&](double y, double t, double) { return 2 * (y - t) / (n * d); });
        add("the absolute error's sign in place of the difference",
            [&](double y, double t, double) { return (y > t ? 1 : -1) / (n * d); });
    }
    add("doubled", [](double, double, double v) { return 2 * v; });
    return guesses;
}

}  // namespace hourglass
