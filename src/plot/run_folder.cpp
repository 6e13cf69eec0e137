#include "hourglass/plot/run_folder.hpp"

#include <iostream>

#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/model_file.hpp"

namespace hourglass {

RunFolder::RunFolder(std::filesystem::path path, const std::string& plot_format)
    : pictures(path, plot_format), path_(std::move(path)) {}

void RunFolder::write(const std::string& name,
                      const std::function<void(const std::filesystem::path&)>& as) {
    try {
        as(path_ / name);
        files_.push_back(name);
    } catch (const Error& error) {  // such as a full disk: the report is still to come
        failures_.push_back(error.what());
    }
}

void RunFolder::write_model(const Autoencoder& model, std::uint64_t seed, int epoch,
                            const std::map<std::string, std::string>& metadata) {
    write("model.safetensors", [&](const auto& path) { save_model(path, model, seed, epoch, metadata); });
}

void RunFolder::write(const std::string& name, const std::string& content) {
    write(name, [&](const auto& path) { write_file(path, content); });
}

void RunFolder::remove(const std::string& name) const {
    std::error_code absent;
    std::filesystem::remove(path_ / name, absent);
}

void RunFolder::remove_pictures(const std::vector<std::string>& names) const {
    for (const std::string& name : names) {
        for (const char* ending : {".dat", ".gp", ".png", ".svg", ".pdf", ".gif"}) {
            remove(name + ending);
        }
    }
}

void RunFolder::print(std::ostream& output) const {
    output << "\nFiles in " << path_.string() << ":";
    const char* separator = " ";
    for (const auto* names : {&files_, &pictures.names()}) {
        for (const std::string& name : *names) {
            output << separator << name;
            separator = ", ";
        }
    }
    output << "\n";
    for (const std::string& failure : failures_) {
        std::cerr << failure << "\n";
    }
    for (const std::string& failure : pictures.failures()) {
        output << failure << "\n";
    }
    if (!pictures.can_draw()) {
        output << "No pictures: gnuplot was not found. Their data and scripts are there; with "
                  "gnuplot,\n"
               << "`gnuplot NAME.gp` in that folder draws NAME.\n";
    }
}

}  // namespace hourglass
