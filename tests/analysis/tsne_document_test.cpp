// Holds docs/tsne.md against the library: every number of its worked example, which comes from
// tests/reference/worked_tsne.py, and every line of code that it quotes.

#include <doctest/doctest.h>

#include "docs/document.hpp"
#include "hourglass/analysis/tsne.hpp"

using namespace hourglass;
using namespace hourglass::testing;

TEST_CASE("tsne.md: the quotes and the worked example are those of the library") {
    const Document page("tsne.md");
    page.expect_quotes(6);
    page.expect_only({"four points: given", "four points: P", "four points: KL", "four points: step"});

    Block given(page, "four points: given");
    TsneOptions options;
    options.early_steps = 0;
    options.perplexity = numbers_in(given.take("perplexity")).at(0);
    options.learning_rate = numbers_in(given.take("learning_rate")).at(0);
    const Matrix X = given.take_matrix("X");
    Tsne tsne(X, given.take_matrix("Y"), options);
    given.expect_no_more();

    Block affinities(page, "four points: P");
    Vector beta;
    Matrix P(4, 4);
    for (std::size_t i = 0; i < 4; ++i) {
        beta.push_back(static_cast<Scalar>(tsne.beta[i]));
        for (std::size_t j = 0; j < 4; ++j) {
            P(i, j) = static_cast<Scalar>(tsne.P(i, j));
        }
    }
    affinities.expect("beta", print(beta));
    affinities.expect("P", print(P));
    affinities.expect_no_more();

    const double KL = tsne.kl();
    tsne.step();
    Block divergence(page, "four points: KL");
    divergence.expect("Z", print(tsne.Z));
    divergence.expect("KL", print(KL));
    divergence.expect_no_more();
    Block step(page, "four points: step");
    step.expect("dY", print(tsne.dY));
    step.expect("Y", print(tsne.Y));
    step.expect("KL", print(tsne.kl()));
    step.expect_no_more();
}
