#pragma once

#include <string>
#include <string_view>

namespace hourglass {

enum class ImageKind { jpeg, png, other };

/// What the first bytes of a file say it is.
ImageKind image_kind(std::string_view start);

/// What a file of another kind is, by its first bytes: "a WebP image", "an empty file".
std::string other_kind(std::string_view start);

/// So many first bytes tell.
constexpr std::size_t kind_bytes = 32;

}  // namespace hourglass
