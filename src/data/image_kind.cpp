#include "image_kind.hpp"

#include <array>

namespace hourglass {
namespace {

using namespace std::string_view_literals;

struct Mark {
    std::size_t at;
    std::string_view bytes;
    const char* kind;
};

// What people have under a name in .jpg or .png; the more special one of two comes first.
constexpr std::array marks = {
    Mark{12, "CgBI"sv, "a PNG that Xcode changed (CgBI), which only iOS reads"},
    Mark{0, "GIF8"sv, "a GIF image"},
    Mark{8, "WEBP"sv, "a WebP image"},
    Mark{4, "ftypavif"sv, "an AVIF image"},
    Mark{4, "ftypavis"sv, "an AVIF image"},
    Mark{4, "ftyphei"sv, "a HEIC image"},
    Mark{4, "ftyphev"sv, "a HEIC image"},
    Mark{4, "ftypmif1"sv, "a HEIF image"},
    Mark{4, "ftypmsf1"sv, "a HEIF image"},
    Mark{4, "ftyp"sv, "a film (MP4 or QuickTime)"},
    Mark{0, "\0\0\0\x0cjP  "sv, "a JPEG 2000 image"},
    Mark{0, "\xff\x4f\xff\x51"sv, "a JPEG 2000 image"},
    Mark{0, "\0\0\0\x0cJXL "sv, "a JPEG XL image"},
    Mark{0, "\xff\x0a"sv, "a JPEG XL image"},
    Mark{0, "II\xbc"sv, "a JPEG XR image"},
    Mark{0, "II*\0"sv, "a TIFF image or a camera's raw file"},
    Mark{0, "MM\0*"sv, "a TIFF image or a camera's raw file"},
    Mark{0, "BM"sv, "a BMP image"},
    Mark{0, "8BPS"sv, "a Photoshop image"},
    Mark{0, "\x8aMNG"sv, "an MNG film"},
    Mark{0, "\0\0\1\0"sv, "an icon (ICO)"},
    Mark{0, "\0\x05\x16\x07"sv, "an AppleDouble file, which a Mac keeps beside the image"},
    Mark{0, "%PDF"sv, "a PDF document"},
    Mark{0, "PK\3\4"sv, "a ZIP archive"},
    Mark{0, "<svg"sv, "an SVG drawing"},
    Mark{0, "<?xml"sv, "an XML file, such as an SVG drawing"},
    Mark{0, "<!DOCTYPE"sv, "a web page"},
    Mark{0, "<!doctype"sv, "a web page"},
    Mark{0, "<html"sv, "a web page"},
    Mark{0, "version https://git-lfs"sv, "a Git LFS pointer; git lfs pull fetches the image"},
};

bool matches(std::string_view start, const Mark& mark) {
    return start.size() > mark.at && start.substr(mark.at).starts_with(mark.bytes);
}

}  // namespace

ImageKind image_kind(std::string_view start) {
    if (start.starts_with("\xff\xd8\xff"sv)) {
        return ImageKind::jpeg;
    }
    const bool is_png = start.starts_with("\x89PNG\r\n\x1a\n"sv) && start.find("CgBI", 12) != 12;
    return is_png ? ImageKind::png : ImageKind::other;
}

std::string other_kind(std::string_view start) {
    if (start.empty()) {
        return "an empty file";
    }
    for (const Mark& mark : marks) {
        if (matches(start, mark)) {
            return mark.kind;
        }
    }
    return "neither by its first bytes";
}

}  // namespace hourglass
