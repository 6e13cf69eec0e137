#include <png.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <vector>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "image_decoder.hpp"

namespace hourglass {
namespace {

constexpr std::size_t pixel_bytes =
    8;  // red, green, blue, alpha: 16 bits each, the high byte first

double value_at(const png_byte* bytes) {
    return (bytes[0] * 256 + bytes[1]) / 65535.0;
}

class PngDecoder : public ImageDecoder {
public:
    PngDecoder(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {
        handle_.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
        if (handle_.png != nullptr) {
            handle_.info = png_create_info_struct(handle_.png);
        }
        if (handle_.info == nullptr) {
            throw Error(file_ + ": libpng cannot be started");
        }
        guarded([this] { read_header(); });
        require_size(width_, height_, file_);
        guarded([this] { ask_for_16_bit_rgba(); });
        if (png_get_rowbytes(handle_.png, handle_.info) != width_ * pixel_bytes) {
            throw Error(file_ + ": a PNG of an unknown kind");
        }
        // The rows of an interlaced image are known only when all of it has been read.
        const std::size_t rows = is_interlaced_ ? height_ : 1;
        pixels_.resize(rows * width_ * pixel_bytes);
        for (std::size_t i = 0; i < rows; ++i) {
            rows_.push_back(pixels_.data() + i * width_ * pixel_bytes);
        }
    }

    std::size_t width() const override { return width_; }
    std::size_t height() const override { return height_; }

    void read_row(std::span<double> luma) override {
        if (!is_interlaced_) {
            guarded([this] { png_read_row(handle_.png, rows_[0], nullptr); });
        } else if (next_row_ == 0) {
            guarded([this] { png_read_image(handle_.png, rows_.data()); });
        }
        const png_byte* row = rows_[is_interlaced_ ? next_row_ : 0];
        for (std::size_t j = 0; j < width_; ++j) {
            const png_byte* pixel = row + j * pixel_bytes;
            luma[j] = luma_of(value_at(pixel), value_at(pixel + 2), value_at(pixel + 4)) *
                      value_at(pixel + 6);
        }
        ++next_row_;
    }

    void finish() override {
        guarded([this] { png_read_end(handle_.png, nullptr); });
    }

private:
    struct Handle {
        Handle() = default;
        Handle(const Handle&) = delete;
        Handle& operator=(const Handle&) = delete;
        ~Handle() { png_destroy_read_struct(&png, &info, nullptr); }

        png_structp png = nullptr;
        png_infop info = nullptr;
    };

    // libpng reports an error by a jump out of its own functions. It lands here: nothing with a
    // destructor may be made in between.
    template <typename Call>
    void guarded(const Call& call) {
        if (setjmp(landing_) != 0) {
            throw Error(file_ + ": damaged PNG: " + one_line(message_));
        }
        call();
    }

    void read_header() {
        png_set_read_fn(handle_.png, this, on_read);
        png_set_user_limits(handle_.png, PNG_UINT_31_MAX,
                            PNG_UINT_31_MAX);  // require_size says more
        png_read_info(handle_.png, handle_.info);
        width_ = png_get_image_width(handle_.png, handle_.info);
        height_ = png_get_image_height(handle_.png, handle_.info);
        is_interlaced_ = png_get_interlace_type(handle_.png, handle_.info) != PNG_INTERLACE_NONE;
    }

    void ask_for_16_bit_rgba() {
        png_set_expand_16(
            handle_.png);  // also palette to colours, and a transparent colour to alpha
        png_set_gray_to_rgb(handle_.png);
        png_set_add_alpha(handle_.png, 0xffff, PNG_FILLER_AFTER);
        if (is_interlaced_) {
            png_set_interlace_handling(handle_.png);
        }
        png_read_update_info(handle_.png, handle_.info);
    }

    static void on_read(png_structp png, png_bytep to, std::size_t count) {
        auto& self = *static_cast<PngDecoder*>(png_get_io_ptr(png));
        if (count > self.bytes_.size()) {
            png_error(png, "the file is cut short");
        }
        std::memcpy(to, self.bytes_.data(), count);
        self.bytes_.remove_prefix(count);
    }

    [[noreturn]] static void on_error(png_structp png, png_const_charp message) {
        auto& self = *static_cast<PngDecoder*>(png_get_error_ptr(png));
        std::snprintf(self.message_, sizeof self.message_, "%s", message);
        std::longjmp(self.landing_, 1);
    }

    // About things beside the pixels, such as an odd colour profile.
    static void on_warning(png_structp, png_const_charp) {}

    std::string_view bytes_;  // what is still to be read
    std::string file_;
    std::size_t width_ = 0;
    std::size_t height_ = 0;
    bool is_interlaced_ = false;
    std::size_t next_row_ = 0;
    std::vector<png_byte> pixels_;
    std::vector<png_bytep> rows_;  // into pixels_
    std::jmp_buf landing_;
    char message_[200] = "";
    Handle handle_;
};

}  // namespace

std::unique_ptr<ImageDecoder> decode_png(std::string_view bytes, const std::string& file) {
    return std::make_unique<PngDecoder>(bytes, file);
}

}  // namespace hourglass
