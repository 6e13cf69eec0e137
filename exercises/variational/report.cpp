#include <cmath>

#include "variational/variational.hpp"

namespace hourglass::variational {
namespace {

std::string criterion_text(const Options& o, const Result& r) {
    return o.of_letters()
               ? text("-ELBO at most %.2f nats a letter, every letter exact at its mean code",
                      r.entropy + most_nats_above)
               : text("of %zu new images at least %.0f %% near the set, copies included, at most %.0f %% copies; a unit in use",
                      new_codes, 100 * least_near, 100 * most_copies);
}

void print_elbo(const Options& o, const Result& r, std::ostream& output) {
    const auto& [reconstruction, kl, error] = r.nets.front().elbo;
    output << text("\n%-33s    -ELBO = reconstruction +    KL\n", ("N" + o.nats().substr(1)).c_str())
           << text("  this network                   %8.3f         %8.3f %7.3f   (+- %.3f, from draws)\n",
                   reconstruction + kl, reconstruction, kl, error);
    if (o.of_letters()) {
        output << text("  no -ELBO can be less           %8.3f, the entropy of the set, ln %.4g\n", r.entropy,
                       std::exp(r.entropy));
    }
    output << "  KL of each latent unit        ";
    for (const double unit : r.nets.front().unit_kl) {
        output << text(unit < used_kl ? " %.3f (unused)" : " %.3f", unit);
    }
    output << "\n";
}

/// What each net makes of the samples, and of codes that belong to none of them.
void print_nets(const Options& o, const Result& r, std::ostream& output) {
    const auto n = static_cast<double>(o.X.rows());
    const auto line = [&](const char* name, const Net& net) {
        output << text("  %-26s %9.4f", name, net.mse);
        if (o.of_letters()) {
            output << text(" %7zu %12zu", net.pixels.exact, net.pixels.at_most_one);
        }
        output << text(" %11.1f %% %7.1f %% %7.1f %%\n", 100 * net.near, 100 * (1 - net.near), 100 * net.copies);
    };
    output << (o.of_letters() ? "\nLetters, from their mean codes                                       "
                              : "\nImages, from their mean codes                  ")
           << text("%zu new codes, decoded\n", new_codes) << text("  %-26s mean sq.", "")
           << (o.of_letters() ? "   exact   <= 1 wrong" : "") << "           near      far   copies\n";
    line("variational", r.nets.front());
    if (r.plain) {
        line("plain", *r.plain);
    }
    if (o.of_letters()) {
        output << text("  variational, drawn codes             %7.1f %12.1f\n",
                       n * r.nets.front().drawn_exact, n * r.nets.front().drawn_at_most_one)
               << "  near: at most one pixel away from a letter; copies, of those near: a letter\n";
    } else {
        output << text(
            "  near: less than %.4f away from an image, as half of the images are from another;\n"
            "  copies, of those near: less than %.4f, as no two of the images are (mean squared differences)\n",
            r.limits.near, r.limits.copy);
    }
}

}  // namespace

void print_report(const Options& o, const Result& r, std::ostream& output) {
    const Net& net = r.nets.front();
    output << "Exercise 4: " << o.samples << ", each as a normal distribution of " << o.widths.back()
           << " numbers\n";
    print_run(o, net.run, output);
    if (o.images) {
        print_images(*o.images, output);
        output << (std::exp(r.entropy) < static_cast<double>(o.X.rows()) - 0.5 ? "  some of them are the same\n" : "");
    }
    output << "\nCriterion: " << criterion_text(o, r) << "\n";
    print_verdict(net.run, net.criterion_met, output);
    print_elbo(o, r, output);
    print_nets(o, r, output);
    for (const Net& of : o.seeds > 1 ? r.nets : std::vector<Net>{}) {
        output << text("  seed %llu: -ELBO %.3f +- %.3f, %zu exact, new: %.1f %% near, %.1f %% copies\n",
                       static_cast<unsigned long long>(of.run.seed), -of.elbo.value(), of.elbo.standard_error,
                       of.pixels.exact, 100 * of.near, 100 * of.copies);
    }
}

}  // namespace hourglass::variational
