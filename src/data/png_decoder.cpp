#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
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
    PngDecoder(std::FILE* input, const std::string& file) : input_(input), file_(file) {
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
        row_.resize(width_ * pixel_bytes);
    }

    std::size_t width() const override { return width_; }
    std::size_t height() const override { return height_; }

    std::optional<std::size_t> next_row(std::span<double> values) override {
        for (; pass_ < passes_; ++pass_, y_ = 0) {
            while (y_ < height_) {
                const std::size_t y = y_++;
                std::ranges::fill(row_, png_byte{0});  // libpng sets the pixels of this pass alone
                guarded([this] { png_read_row(handle_.png, row_.data(), nullptr); });
                if (passes_ == 1 || PNG_ROW_IN_INTERLACE_PASS(y, pass_)) {
                    convert(values);
                    return y;
                }
            }
        }
        guarded([this] { png_read_end(handle_.png, nullptr); });
        return std::nullopt;
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
        // Only IHDR, PLTE, tRNS, IDAT, IEND: others may unpack to gigabytes, or say they are as long.
        png_set_keep_unknown_chunks(handle_.png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
        png_set_user_limits(handle_.png, PNG_UINT_31_MAX,
                            PNG_UINT_31_MAX);  // require_size says more
        png_read_info(handle_.png, handle_.info);
        width_ = png_get_image_width(handle_.png, handle_.info);
        height_ = png_get_image_height(handle_.png, handle_.info);
    }

    void ask_for_16_bit_rgba() {
        png_set_expand_16(
            handle_.png);  // also palette to colours, and a transparent colour to alpha
        png_set_gray_to_rgb(handle_.png);
        png_set_add_alpha(handle_.png, 0xffff, PNG_FILLER_AFTER);
        passes_ = png_set_interlace_handling(handle_.png);
        png_read_update_info(handle_.png, handle_.info);
    }

    void convert(std::span<double> values) const {
        for (std::size_t j = 0; j < width_; ++j) {
            const png_byte* pixel = row_.data() + j * pixel_bytes;
            const double r = value_at(pixel), g = value_at(pixel + 2), b = value_at(pixel + 4);
            const double alpha = value_at(pixel + 6);
            if (values.size() == width_) {
                values[j] = luma_of(r, g, b) * alpha;
            } else {
                std::ranges::copy(std::array{r * alpha, g * alpha, b * alpha}, values.begin() + std::ptrdiff_t(3 * j));
            }
        }
    }

    static void on_read(png_structp png, png_bytep to, std::size_t count) {
        auto& self = *static_cast<PngDecoder*>(png_get_io_ptr(png));
        if (std::fread(to, 1, count, self.input_) != count) {
            png_error(png, "the file is cut short");
        }
    }

    [[noreturn]] static void on_error(png_structp png, png_const_charp message) {
        auto& self = *static_cast<PngDecoder*>(png_get_error_ptr(png));
        std::snprintf(self.message_, sizeof self.message_, "%s", message);
        std::longjmp(self.landing_, 1);
    }

    // About things beside the pixels, such as an odd colour profile.
    static void on_warning(png_structp, png_const_charp) {}

    std::FILE* input_;
    std::string file_;
    std::size_t width_ = 0;
    std::size_t height_ = 0;
    int passes_ = 1;  // 7 of an interlaced image, each over all rows
    int pass_ = 0;
    std::size_t y_ = 0;  // the next row of this pass
    std::vector<png_byte> row_;
    std::jmp_buf landing_;
    char message_[200] = "";
    Handle handle_;
};

}  // namespace

std::unique_ptr<ImageDecoder> decode_png(std::FILE* input, const std::string& file) {
    return std::make_unique<PngDecoder>(input, file);
}

}  // namespace hourglass
