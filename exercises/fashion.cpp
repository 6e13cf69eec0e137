// Exercise 3: Fashion-MNIST, by dense and convolutional, plain, denoising and variational autoencoders, and a classifier.

#include "fashion/fashion.hpp"

namespace hourglass::fashion {

Run train(const Options& o) {
    const Examples train = o.examples_of(o.sets->train, 1), test = o.examples_of(o.sets->test, 2);
    std::vector<SetScores> train_scores, test_scores;
    Training t(o, train.X(), train.T());
    t.sample_name = [](std::size_t i) { return "training image " + std::to_string(i + 1); };
    while (t.next_epoch()) {
        Tally tally;
        for (const Batch& batch : t.batches.shuffled(t.rng)) {
            t.model.forward(t.ws, batch.X);                           // Y = f(X; W, b)
            const double loss = t.model.loss(t.ws, batch.T, o.loss);  // L, dZ of the last layer
            t.add(loss, batch);
            t.model.backward(t.ws);  // dW, db, last layer first
            t.optimizer->step();     // W -= eta ...
            tally.add(loss, t.ws, batch.T);
            if (interrupted()) {
                break;
            }
        }
        t.check_divergence(t.ws);
        train_scores.push_back(tally.mean());
        t.aside([&] { test_scores.push_back(score(t.model, test.X(), test.T(), o.loss, o.seed)); });
    }
    return {t.finish(), std::move(train_scores), std::move(test_scores)};
}

DoctorData doctor_data(const Options& o) {
    const LabelledImages &train = o.sets->train, &test = o.sets->test;
    const Examples examples = o.examples_of(train, 1);
    return {.set = {.X = train.X, .T = examples.T(), .labels = train.labels, .test = test.X},
            .X = some_rows(examples.X(), 2000),
            .T = some_rows(examples.T(), 2000)};
}

namespace {

Outcome run_fashion(const Options& options, std::ostream& output) {
    const Result result = measure(options, train(options));
    report_run(options, result, output);
    return result.criterion_met ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace
}  // namespace hourglass::fashion

int main(int argc, char** argv) {
    using namespace hourglass::fashion;
    return hourglass::run_exercise("fashion", read_options, run_fashion, run_study, argc, argv);
}
