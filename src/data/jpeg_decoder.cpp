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
#include "image_decoder.hpp"

namespace hourglass {
namespace {

// What libjpeg only warns of though the pixels are right: bytes between two segments, an unknown
// version in a header.
bool is_harmless(int warning) {
    return warning == JWRN_EXTRANEOUS_DATA || warning == JWRN_JFIF_MAJOR ||
           warning == JWRN_ADOBE_XFORM;
}

class JpegDecoder : public ImageDecoder {
public:
    JpegDecoder(std::string_view bytes, const std::string& file) : file_(file) {
        jpeg().err = jpeg_std_error(&errors_);
        jpeg().client_data = this;
        errors_.error_exit = on_error;
        errors_.emit_message = on_warning;
        errors_.output_message = [](j_common_ptr) {};
        guarded([&] {
            jpeg_create_decompress(&jpeg());
            jpeg_mem_src(&jpeg(), reinterpret_cast<const unsigned char*>(bytes.data()),
                         static_cast<unsigned long>(bytes.size()));
            jpeg_read_header(&jpeg(), TRUE);
        });
        require_size(width(), height(), file_);
        if (jpeg().num_components != 1 && jpeg().num_components != 3) {
            throw Error(file_ + ": expected a gray or colour JPEG, got one of " +
                        std::to_string(jpeg().num_components) + " channels, such as CMYK");
        }
        jpeg().out_color_space = is_gray() ? JCS_GRAYSCALE : JCS_RGB;
        guarded([this] { jpeg_start_decompress(&jpeg()); });
        row_.resize(width() * (is_gray() ? 1 : 3));
    }

    std::size_t width() const override { return handle_.jpeg.image_width; }
    std::size_t height() const override { return handle_.jpeg.image_height; }

    void read_row(std::span<double> luma) override {
        guarded([this] {
            JSAMPROW row = row_.data();
            jpeg_read_scanlines(&jpeg(), &row, 1);
        });
        for (std::size_t j = 0; j < luma.size(); ++j) {
            const JSAMPLE* rgb = row_.data() + 3 * j;
            luma[j] = is_gray() ? row_[j] / 255.0 : luma_of(rgb[0], rgb[1], rgb[2]) / 255;
        }
    }

    void finish() override {
        guarded([this] { jpeg_finish_decompress(&jpeg()); });
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

    std::string file_;
    std::vector<JSAMPLE> row_;
    std::jmp_buf landing_;
    char message_[JMSG_LENGTH_MAX] = "";
    jpeg_error_mgr errors_;
    Handle handle_;
};

}  // namespace

std::unique_ptr<ImageDecoder> decode_jpeg(std::string_view bytes, const std::string& file) {
    return std::make_unique<JpegDecoder>(bytes, file);
}

}  // namespace hourglass
