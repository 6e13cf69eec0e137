// jpeglib.h needs cstdio before it, and jerror.h needs jpeglib.h.
// clang-format off
#include <csetjmp>
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <vector>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/data/image.hpp"
#include "image_decoder.hpp"

namespace hourglass {
namespace {

// What libjpeg only warns of though the pixels are right: bytes between two segments, an unknown
// version in a header.
bool is_harmless(int warning) {
    return warning == JWRN_EXTRANEOUS_DATA || warning == JWRN_JFIF_MAJOR ||
           warning == JWRN_ADOBE_XFORM;
}

// What an intact file is that libjpeg does not read; empty: the file is damaged.
// A frame's marker says how it is coded: Rec. ITU-T T.81, table B.1.
std::string unsupported_kind(const jpeg_error_mgr& error) {
    const int parameter = error.msg_parm.i[0];
    switch (error.msg_code) {
        case JERR_SOF_UNSUPPORTED:
            return parameter == 0xc3 || parameter == 0xcb ? "a lossless one" : "a hierarchical one";
        case JERR_UNKNOWN_MARKER:
            return parameter == 0xf7 ? "JPEG-LS" : "";
        case JERR_BAD_PRECISION:
            return parameter >= 2 && parameter <= 16
                       ? "one of " + std::to_string(parameter) + " bits"
                       : "";
        case JERR_ARITH_NOTIMPL:
            return "one in arithmetic coding";
        case JERR_EMPTY_IMAGE:
            return "one without pixels, or that says how many after them (DNL)";
        case JERR_CCIR601_NOTIMPL:
        case JERR_FRACT_SAMPLE_NOTIMPL:
            return "one whose colours have an unusual resolution";
        case JERR_CONVERSION_NOTIMPL:
            return "one of unusual colours";
        case JERR_COMPONENT_COUNT:
            return "one of " + std::to_string(parameter) + " channels";
        case JERR_NO_BACKING_STORE:
            return "one in several scans that takes more than " +
                   std::to_string(max_progressive_bytes / 1'000'000) +
                   " MB of memory; save it as baseline";
        default:
            return "";
    }
}

class JpegDecoder : public ImageDecoder {
public:
    JpegDecoder(std::FILE* input, const std::string& file) : file_(file) {
        jpeg().err = jpeg_std_error(&errors_);
        jpeg().client_data = this;
        errors_.error_exit = on_error;
        errors_.emit_message = on_warning;
        errors_.output_message = [](j_common_ptr) {};
        progress_.progress_monitor = on_progress;
        guarded([this, input] {
            jpeg_create_decompress(&jpeg());
            jpeg().progress = &progress_;
            jpeg().mem->max_memory_to_use = static_cast<long>(max_progressive_bytes);
            jpeg_stdio_src(&jpeg(), input);
            jpeg_read_header(&jpeg(), TRUE);
        });
        require_size(width(), height(), file_);
        if (jpeg().num_components != 1 && jpeg().num_components != 3) {
            throw Error(file_ + ": expected a gray or colour JPEG, got one of " +
                        std::to_string(jpeg().num_components) + " channels" +
                        (jpeg().num_components == 4 ? ", such as CMYK" : ""));
        }
        jpeg().out_color_space = is_gray() ? JCS_GRAYSCALE : JCS_RGB;
        guarded([this] { jpeg_start_decompress(&jpeg()); });
        row_.resize(width() * (is_gray() ? 1 : 3));
    }

    std::size_t width() const override { return handle_.jpeg.image_width; }
    std::size_t height() const override { return handle_.jpeg.image_height; }

    std::optional<std::size_t> next_row(std::span<double> values) override {
        const std::size_t y = jpeg().output_scanline;
        if (y == height()) {
            guarded([this] { jpeg_finish_decompress(&jpeg()); });
            return std::nullopt;
        }
        guarded([this] {
            JSAMPROW row = row_.data();
            jpeg_read_scanlines(&jpeg(), &row, 1);
        });
        const bool luma = values.size() == width();
        for (std::size_t k = 0; k < values.size(); ++k) {
            const JSAMPLE* rgb = row_.data() + 3 * k;
            values[k] = luma && !is_gray() ? luma_of(rgb[0], rgb[1], rgb[2]) / 255
                                           : row_[!luma && is_gray() ? k / 3 : k] / 255.0;
        }
        return y;
    }

private:
    struct Handle {
        Handle() = default;
        Handle(const Handle&) = delete;
        Handle& operator=(const Handle&) = delete;
        ~Handle() { jpeg_destroy_decompress(&jpeg); }

        jpeg_decompress_struct jpeg{};
    };

    jpeg_decompress_struct& jpeg() { return handle_.jpeg; }
    bool is_gray() const { return handle_.jpeg.num_components == 1; }

    // libjpeg reports an error by a jump out of its own functions. It lands here: nothing with a
    // destructor may be made in between.
    template <typename Call>
    void guarded(const Call& call) {
        if (setjmp(landing_) != 0) {
            const std::string kind = unsupported_kind(errors_);
            if (!kind.empty()) {
                throw Error(file_ + ": expected a baseline or progressive JPEG of 8 bits, got " +
                            kind);
            }
            throw Error(file_ + ": damaged JPEG: " + one_line(message_));
        }
        call();
    }

    [[noreturn]] static void on_error(j_common_ptr common) {
        auto& self = *static_cast<JpegDecoder*>(common->client_data);
        if (common->err->msg_code == JWRN_JPEG_EOF || common->err->msg_code == JERR_INPUT_EMPTY) {
            std::snprintf(self.message_, sizeof self.message_, "the file is cut short");
        } else {
            common->err->format_message(common, self.message_);
        }
        std::longjmp(self.landing_, 1);
    }

    // Level -1 is a warning: libjpeg would go on and make the rest up. Others tell what it does.
    static void on_warning(j_common_ptr common, int level) {
        if (level < 0 && !is_harmless(common->err->msg_code)) {
            on_error(common);
        }
    }

    // Called at least once a scan, while they are collected.
    static void on_progress(j_common_ptr common) {
        auto& self = *static_cast<JpegDecoder*>(common->client_data);
        if (self.jpeg().input_scan_number > max_jpeg_scans) {
            std::snprintf(self.message_, sizeof self.message_, "it has more than %d scans",
                          max_jpeg_scans);
            std::longjmp(self.landing_, 1);
        }
    }

    std::string file_;
    std::vector<JSAMPLE> row_;
    std::jmp_buf landing_;
    char message_[JMSG_LENGTH_MAX] = "";
    jpeg_error_mgr errors_{};
    jpeg_progress_mgr progress_{};
    Handle handle_;
};

}  // namespace

std::unique_ptr<ImageDecoder> decode_jpeg(std::FILE* input, const std::string& file) {
    return std::make_unique<JpegDecoder>(input, file);
}

}  // namespace hourglass
