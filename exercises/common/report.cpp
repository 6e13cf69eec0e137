#include "common/report.hpp"

#include <ostream>

#include "common/training.hpp"
#include "hourglass/io/process.hpp"
#include "hourglass/io/summary.hpp"

namespace hourglass {

void print_training(const TrainingOptions& o, const Trained& run, std::ostream& output) {
    if (o.untrained) {
        output << "  encoder: " << o.encoder << "; decoder: " << o.decoder
               << text(" (%zu parameters)\n", run.model.parameter_count());
    } else {
        output << text("  %s (%zu parameters), %s, latent %s, output %s%s\n", o.net_text().c_str(),
                       run.model.parameter_count(), name_of(o.activations.hidden).c_str(),
                       name_of(o.activations.latent).c_str(), name_of(o.activations.output).c_str(),
                       o.beta ? text("; variational, beta %g", *o.beta).c_str() : "");
    }
    if (o.epochs > 0) {
        output << "  " << name_of(o.loss) << ", " << optimizer_text(o.optimizer, o.schedule) << ", batches of "
               << o.batch_size;
        output << (o.start ? "" : ", " + std::string(name_of(o.initialization)) + " weights") << "\n";
    }
    if (o.start) {
        output << "  starting from " << o.load.string() << ", which was trained for " << o.start->epoch << " epochs\n";
    }
}

void print_verdict(const Trained& run, bool met, std::ostream& output, const std::string& detail, const char* when) {
    output << (run.stopped ? text("  NOT shown: interrupted %s epoch %zu", when, run.epochs())
                           : (met ? "  met" : "  NOT met") + detail)
           << "\n";
}

void print_images(const ImageSet& images, std::ostream& output) {
    output << "  images: " << images.scaling() << "\n";
    for (const std::string& skipped : images.skipped) {
        output << "  skipped: " << skipped << "\n";
    }
}

void print_time(const Trained& run, std::ostream& output) {
    output << text(run.seconds < 1 ? "  seed %llu: %zu epochs in %.2f s\n" : "  seed %llu: %zu epochs in %.1f s\n",
                   static_cast<unsigned long long>(run.seed), run.epochs(), run.seconds);
}

void print_memory(const Trained& run, std::ostream& output) {
    const auto megabytes = [](std::size_t bytes) { return static_cast<double>(bytes) / 1e6; };
    output << text(
        "  memory: %.2f MB parameters, gradients and moments + %.2f MB workspace + %.2f MB data; "
        "the process's peak was %.1f MB\n",
        megabytes(run.memory.parameters), megabytes(run.memory.workspace), megabytes(run.memory.data),
        megabytes(process_peak_bytes()));
}

void print_run(const TrainingOptions& options, const Trained& run, std::ostream& output) {
    print_training(options, run, output);
    if (options.epochs > 0) {
        print_time(run, output);
        print_memory(run, output);
    }
}

}  // namespace hourglass
