#include "cli/bench/hdr_encoding.hpp"

#include <zlib.h>

#include <bit>
#include <cstddef>
#include <cstdint>

#include "engine/text/base64.hpp"

namespace leat::cli {

namespace {

// The cookies of V2; the 0x10 says that words have variable length.
constexpr std::uint32_t kCookie = 0x1c849303 | 0x10;
constexpr std::uint32_t kCompressedCookie = 0x1c849304 | 0x10;
constexpr std::uint32_t kDigits = 3;
constexpr std::size_t kHeader = 40;
constexpr std::size_t kMostBytes = std::size_t{1} << 20;  // 34 rows of 1024 counts of at most 9 bytes: 314 kB
constexpr std::size_t kBuckets = 34 * 1024;

void put(std::string& bytes, std::uint64_t value, int size) {
  for (int shift = (size - 1) * 8; shift >= 0; shift -= 8)
    bytes += static_cast<char>((value >> shift) & 0xFF);
}

std::uint64_t get(std::string_view bytes, std::size_t at, int size) {
  std::uint64_t value = 0;
  for (int i = 0; i < size; ++i) {
    value = (value << 8) | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  }
  return value;
}

// LEB128 of 64 bits in at most 9 bytes: the ninth byte has 8 bits of its own.
void put_zigzag(std::string& bytes, std::int64_t number) {
  std::uint64_t value = (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
  for (int i = 0; i < 8 && value >= 0x80; ++i) {
    bytes += static_cast<char>((value & 0x7F) | 0x80);
    value >>= 7;
  }
  bytes += static_cast<char>(value);
}

std::optional<std::int64_t> get_zigzag(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < 9; ++i) {
    if (bytes.empty()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    const bool last = i == 8 || byte < 0x80;
    value |= std::uint64_t{last ? byte : byte & 0x7FU} << (7 * i);
    if (last) break;
  }
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

std::string counts_of(const load::Histogram& histogram) {
  std::string counts;
  std::size_t next = 0;
  histogram.for_each([&](const load::Histogram::Bucket& bucket) {
    const std::size_t empty = bucket.index - next;
    if (empty == 1) put_zigzag(counts, 0);
    if (empty > 1) put_zigzag(counts, -static_cast<std::int64_t>(empty));
    put_zigzag(counts, static_cast<std::int64_t>(bucket.count));
    next = bucket.index + 1;
  });
  return counts;
}

// The middle of the bucket with HdrHistogram's index.
std::uint64_t value_of(std::size_t index) {
  if (index < 2048) return index;
  const std::size_t shift = index / 1024 - 1;
  return ((std::uint64_t{1024} + index % 1024) << shift) + (std::uint64_t{1} << shift) / 2;
}

std::optional<std::string> inflate_all(std::string_view packed) {
  std::string bytes(kMostBytes, '\0');
  auto size = static_cast<uLongf>(bytes.size());
  const int status =
      uncompress(reinterpret_cast<Bytef*>(bytes.data()), &size, reinterpret_cast<const Bytef*>(packed.data()),
                 static_cast<uLong>(packed.size()));
  if (status != Z_OK) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

std::optional<load::Histogram> read_counts(std::string_view counts) {
  load::Histogram histogram;
  std::size_t index = 0;
  while (!counts.empty()) {
    const auto number = get_zigzag(counts);
    if (!number) return std::nullopt;
    const auto size =
        static_cast<std::uint64_t>(*number < 0 ? -(*number + 1) : *number) + (*number < 0 ? 1 : 0);
    if (*number < 0) {
      if (size > kBuckets - index) return std::nullopt;
      index += size;
      continue;
    }
    if (index >= kBuckets) return std::nullopt;
    histogram.record_many(value_of(index), size);
    ++index;
  }
  return histogram;
}

}  // namespace

std::string encode_hdr(const load::Histogram& histogram) {
  const std::string counts = counts_of(histogram);
  std::string plain;
  put(plain, kCookie, 4);
  put(plain, counts.size(), 4);
  put(plain, 0, 4);  // normalizingIndexOffset
  put(plain, kDigits, 4);
  put(plain, 1, 8);  // lowestDiscernibleValue
  put(plain, load::Histogram::kMost, 8);
  put(plain, std::bit_cast<std::uint64_t>(1.0), 8);  // integerToDoubleValueConversionRatio
  plain += counts;

  auto size = compressBound(static_cast<uLong>(plain.size()));
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
           static_cast<uLong>(plain.size()));
  packed.resize(size);
  std::string encoded;
  put(encoded, kCompressedCookie, 4);
  put(encoded, packed.size(), 4);
  return text::encode_base64(encoded + packed);
}

std::optional<load::Histogram> decode_hdr(std::string_view base64) {
  const auto encoded = text::decode_base64(base64);
  if (!encoded || encoded->size() < 8 || get(*encoded, 0, 4) != kCompressedCookie) return std::nullopt;
  if (get(*encoded, 4, 4) != encoded->size() - 8) return std::nullopt;
  const auto plain = inflate_all(std::string_view(*encoded).substr(8));
  if (!plain || plain->size() < kHeader || get(*plain, 0, 4) != kCookie) return std::nullopt;
  if (get(*plain, 4, 4) != plain->size() - kHeader || get(*plain, 8, 4) != 0) return std::nullopt;
  if (get(*plain, 12, 4) != kDigits || get(*plain, 16, 8) != 1) return std::nullopt;
  return read_counts(std::string_view(*plain).substr(kHeader));
}

}  // namespace leat::cli
