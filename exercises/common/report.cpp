#include "common/report.hpp"

#include <cmath>
#include <ostream>

namespace hourglass {

Font choose_font(const std::string& choice) {
    const bool ours = choice == "1" || choice == "2" || choice == "3";
    Font font = read_font(ours ? HOURGLASS_DATA_DIR "/fonts/font" + choice + ".txt" : choice);
    if (ours) {
        font.file = "font" + choice + ".txt";  // the same report wherever the project stands
    }
    return font;
}

std::string mirrored_text(const std::vector<std::size_t>& widths) {
    std::vector<std::size_t> all = widths;
    all.insert(all.end(), widths.rbegin() + 1, widths.rend());
    return widths_text(all);
}

void print_network(const TrainingOptions& o, const Network& network, std::ostream& output) {
    output << text("  %s (%zu parameters), %s, latent %s, output %s\n",
                   mirrored_text(o.widths).c_str(), network.parameter_count(),
                   name_of(o.activations.hidden).c_str(), name_of(o.activations.latent).c_str(),
                   name_of(o.activations.output).c_str());
    if (o.epochs > 0) {
        output << text(
            "  %s, %s, learning rate %g %s, batches of %zu%s\n",
            std::string(name_of(o.loss)).c_str(), o.optimizer.name.c_str(),
            o.optimizer.learning_rate, std::string(name_of(o.schedule.kind)).c_str(), o.batch_size,
            o.start ? "" : (", " + std::string(name_of(o.initialization)) + " weights").c_str());
    }
    if (o.start) {
        output << "  starting from " << o.load.string() << ", which was trained for "
               << o.start->epoch << " epochs\n";
    }
}

void print_files(const TrainingOptions& options, const std::vector<std::string>& files,
                 const Pictures& pictures, std::ostream& output) {
    output << "\nFiles in " << options.out.string() << ": " << listed(files);
    for (const std::string& name : pictures.names()) {
        output << ", " << name;
    }
    output << "\n";
    for (const std::string& failure : pictures.failures()) {
        output << failure << "\n";
    }
    if (!pictures.can_draw()) {
        output << "No pictures: gnuplot was not found. Their data and scripts are there; with "
                  "gnuplot,\n"
               << "`gnuplot NAME.gp` in that folder draws NAME.\n";
    }
}

bool is_animation_frame(int epoch, int epochs) {
    const auto frame = [epochs](int e) {
        return static_cast<int>(50 * std::sqrt(1.0 * e / epochs));
    };
    return epoch == epochs || frame(epoch) != frame(epoch - 1);
}

void remove_pictures(const std::filesystem::path& folder, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        for (const char* ending : {".dat", ".gp", ".png", ".svg", ".pdf", ".gif"}) {
            std::error_code absent;
            std::filesystem::remove(folder / (name + ending), absent);
        }
    }
}

std::string listed(const std::vector<std::string>& names) {
    std::string result;
    for (const std::string& name : names) {
        result += (result.empty() ? "" : ", ") + name;
    }
    return result;
}

}  // namespace hourglass
