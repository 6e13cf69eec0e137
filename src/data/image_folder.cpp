#include "hourglass/data/image_folder.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/data/image.hpp"
#include "hourglass/data/text_lines.hpp"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

struct Source {
    fs::path path;
    std::string name;
    std::string where;  // what a message begins with: "list.txt:3: "
};

/// Reads all, so that one message tells of all that are bad.
class Reader {
public:
    explicit Reader(std::string from) : from_(std::move(from)) {}

    ImageSet read(const std::vector<Source>& sources, std::size_t side, std::size_t channels = 1) {
        ImageSet set;
        set.side = side;
        set.channels = channels;
        set.X.resize(sources.size(), side * side * channels);
        set.sizes.resize(sources.size());
        for (std::size_t i = 0; i < sources.size(); ++i) {
            set.names.push_back(sources[i].name);
            try {
                std::ranges::copy(read_image(sources[i].path, side, channels, &set.sizes[i]),
                                  set.X.row(i).begin());
            } catch (const Error& error) {
                complaints_.push_back(sources[i].where + error.what());
            }
        }
        complain(sources.size());
        return set;
    }

private:
    void complain(std::size_t all) const {
        constexpr std::size_t most = 50;  // nobody reads more; the rest is counted
        const std::size_t bad = complaints_.size();
        if (bad == 0) {
            return;
        }
        std::string text = bad == 1 ? ""
                                    : from_ + ": " + std::to_string(bad) + " of " +
                                          std::to_string(all) + " images cannot be read: ";
        for (std::size_t i = 0; i < std::min(bad, most); ++i) {
            text += (i == 0 ? "" : "; ") + complaints_[i];
        }
        throw Error(text + (bad > most ? "; and " + std::to_string(bad - most) + " more" : ""));
    }

    std::string from_;
    std::vector<std::string> complaints_;
};

bool has_image_extension(const fs::path& path) {
    std::string extension = path.extension().string();
    std::ranges::transform(extension, extension.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension == ".jpg" || extension == ".jpeg" || extension == ".png";
}

constexpr const char* a_folder = "a folder";

// Why an entry of a folder is left out; empty: it is not.
std::string reason_to_skip(const fs::directory_entry& entry) {
    std::error_code ignored;
    return entry.is_directory(ignored)                         ? a_folder
           : entry.path().filename().string().starts_with('.') ? "hidden"
           : !has_image_extension(entry.path())                ? "not a .jpg, .jpeg or .png file"
                                                               : "";
}

// "a.txt, b.txt, c.txt and 2997 more: not a .jpg, .jpeg or .png file"
std::string skipped_line(const std::vector<std::string>& names, const std::string& reason) {
    constexpr std::size_t most = 3;
    std::string line;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
        line += (i == 0 ? "" : ", ") + one_line(names[i]);
    }
    if (names.size() > most) {
        line += " and " + std::to_string(names.size() - most) + " more";
    }
    return line + ": " + reason;
}

// The entries of a folder, in the order of their names.
std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    fs::directory_iterator next(folder, error);
    for (; !error && next != fs::directory_iterator(); next.increment(error)) {
        entries.push_back(*next);
    }
    if (error) {
        throw Error(one_line(folder.string()) +
                    ": expected a folder of images: " + error.message());
    }
    std::ranges::sort(entries, {}, [](const auto& entry) { return entry.path().string(); });
    return entries;
}

/// What lies in one folder or in several.
struct Listing {
    std::vector<Source> images;
    std::map<std::string, std::vector<std::string>> skipped;  // reason -> names
    std::size_t entries = 0;

    /// @param before  what stands before the names: "Forest/"
    void add(const fs::path& folder, const std::string& before) {
        for (const fs::directory_entry& entry : entries_of(folder)) {
            const std::string name = before + entry.path().filename().string();
            const std::string reason = reason_to_skip(entry);
            if (reason.empty()) {
                images.push_back({entry.path(), name, ""});
            } else {
                skipped[reason].push_back(name);
            }
            ++entries;
        }
    }
};

}  // namespace

std::optional<std::size_t> ImageSet::find(std::string_view text) const {
    if (const auto position = position_from_text(text, size())) {
        return position;
    }
    for (std::size_t i = 0; i < size(); ++i) {
        const fs::path name = names[i];
        if (text == name.string() || text == name.stem().string()) {
            return i;
        }
    }
    return std::nullopt;
}

std::string ImageSet::scaling() const {
    std::set<StoredSize> all(sizes.begin(), sizes.end());
    const auto text = [](const StoredSize& size) {
        return std::to_string(size.width) + "x" + std::to_string(size.height);
    };
    const StoredSize wanted = {side, side};
    if (all.size() <= 1 && (all.empty() || *all.begin() == wanted)) {
        return "as they are";
    }
    const auto by_pixels = [](const StoredSize& size) { return size.width * size.height; };
    const auto [least, most] = std::ranges::minmax_element(all, {}, by_pixels);
    return (all.size() == 1 ? "from " + text(*least)
                            : "from " + std::to_string(all.size()) + " sizes, " + text(*least) + " to " + text(*most)) +
           ", cropped to the square in the middle and scaled to " + text(wanted);
}

std::string ImageSet::label(std::size_t image) const {
    const std::string name = fs::path(names[image]).stem().string();
    std::size_t end = std::min<std::size_t>(name.size(), 30);
    while (end < name.size() && (name[end] & 0xc0) == 0x80) {
        --end;  // between two characters of UTF-8, not in one
    }
    return std::to_string(image + 1) + ": " + one_line(name.substr(0, end));
}

ImageSet read_image_folder(const fs::path& folder, std::size_t side, std::size_t channels) {
    const std::string file = one_line(folder.string());
    Listing listing;
    listing.add(folder, "");
    std::vector<std::string> classes;
    std::vector<std::size_t> labels;
    if (listing.images.empty()) {
        for (const std::string& name : std::exchange(listing.skipped[a_folder], {})) {
            if (name.starts_with('.')) {
                listing.skipped["hidden"].push_back(name);
                continue;
            }
            listing.add(folder / name, name + "/");
            if (listing.images.size() == labels.size()) {
                listing.skipped["a folder without images"].push_back(name);
                continue;
            }
            labels.resize(listing.images.size(), classes.size());
            classes.push_back(name);
        }
    }
    if (listing.images.empty()) {
        throw Error(file + ": expected .jpg, .jpeg or .png files, or folders of them, found none among " +
                    std::to_string(listing.entries) + " entries");
    }
    ImageSet set = Reader(file).read(listing.images, side, channels);
    set.classes = std::move(classes);
    set.labels = std::move(labels);
    for (const auto& [reason, names] : listing.skipped) {
        if (!names.empty()) {
            set.skipped.push_back(skipped_line(names, reason));
        }
    }
    return set;
}

ImageSet read_image_list(const fs::path& list, const fs::path& folder, std::size_t side) {
    constexpr std::size_t longest = 1000;
    const std::string file = one_line(list.string());
    std::vector<Source> sources;
    for (TextLines lines(list, "a list of image files"); lines.next();) {
        const std::string& line = lines.line();
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        if (line.size() > longest || line.find('\0') != std::string::npos) {
            lines.fail("expected the name of an image file, got a line of " +
                       std::to_string(line.size()) + " bytes that is none");
        }
        sources.push_back(
            {folder / line, line, file + ":" + std::to_string(lines.number()) + ": "});
    }
    if (sources.empty()) {
        throw Error(file + ": expected the names of image files, found none");
    }
    return Reader(file).read(sources, side);
}

}  // namespace hourglass
