#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/load/histogram.hpp"

namespace leat::cli {

/// A histogram's measured values in HdrHistogram's V2 compressed encoding, in base64, as its tools read it
/// (github.com/HdrHistogram/HdrHistogram, encodeIntoCompressedByteBuffer): a zlib stream of a header and of
/// counts as ZigZag LEB128, in which a negative number is a run of empty buckets. Censored values have no
/// place in it.
[[nodiscard]] std::string encode_hdr(const load::Histogram& histogram);

/// Reads such a text. Gives nothing for any other text, or if it does not have 3 significant digits. Values
/// come back to their bucket.
[[nodiscard]] std::optional<load::Histogram> decode_hdr(std::string_view base64);

}  // namespace leat::cli
