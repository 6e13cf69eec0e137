#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/data/image.hpp"

namespace hourglass {

/// Photographs as samples.
struct ImageSet {
    std::size_t side = 0;      // of the square images, in pixels
    std::size_t channels = 1;  // 1 gray, 3 red, green and blue
    Matrix X;  // (n, side * side * channels), row after row from the top; -1 black, +1 white
    std::vector<std::string> names;    // (n) file names, as found or as the list has them; "Forest/1.jpg" of a class
    std::vector<std::string> classes = {};  // the subfolders that the images lie in; empty: they lie in the folder
    std::vector<std::size_t> labels = {};   // (n) of which class each is, by its place in `classes`; or empty
    std::vector<StoredSize> sizes;     // (n) of the files, before they were cropped and scaled
    std::vector<std::string> skipped;  // what was left out, a line for each reason

    std::size_t size() const { return names.size(); }

    /// The position of the image that `text` means: itself a position, but counted from 1, or a file's name
    /// with or without its ending.
    std::optional<std::size_t> find(std::string_view text) const;

    /// "as they are", or how they were made squares of one size, in words: "from 2 sizes, 30x40 to 640x480, cropped
    /// to the square in the middle and scaled to 24x24".
    std::string scaling() const;

    /// "3: daffodil", the position counted from 1 and the name without its ending, of at most 30 bytes.
    std::string label(std::size_t image) const;
};

/// All files .jpg, .jpeg and .png (in either case) of a folder, in the order of their names, byte by
/// byte. If it has none itself, those of its subfolders, each of which is then a class that has the
/// subfolder's name; otherwise subfolders are left out. Hidden files, such as the ._ files that a Mac
/// leaves beside its own, and other entries are counted in `skipped`.
/// @pre  side > 0
/// @throws Error  naming the folder, if it cannot be read or has no such file, nor its subfolders; or all
///                files that read_image refuses, and why
ImageSet read_image_folder(const std::filesystem::path& folder, std::size_t side, std::size_t channels = 1);

/// The files that a list names, one a line, in its order. A relative name starts from `folder`.
/// Empty lines and lines that start with # are skipped.
/// @pre  side > 0
/// @throws Error  naming the list, if it cannot be read or names no file; and its lines, if
///                read_image refuses their files
ImageSet read_image_list(const std::filesystem::path& list, const std::filesystem::path& folder,
                         std::size_t side);

}  // namespace hourglass
