#include "tests/support/origin/gzip.hpp"

#include <zlib.h>

#include <new>

namespace leat::origin {
namespace {

constexpr int kRawFormat = -MAX_WBITS;       // zlib.h: a negative value means neither header nor checksum
constexpr int kGzipFormat = MAX_WBITS + 16;  // zlib.h: adding 16 means gzip
constexpr int kMemoryLevel = 8;
constexpr std::size_t kFlushMarker = 16;  // a flush adds less than this
constexpr std::uint64_t kUnitZeros = 1024 * 1024;

std::string compress(std::string_view text, int format, int level, int flush) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, format, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())) + kFlushMarker, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib only reads it
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, flush);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zeros(std::uint64_t count) { return std::string(static_cast<std::size_t>(count), '\0'); }

/// CRC-32 of that many zeros, by doubling.
std::uint32_t crc_of_zeros(std::uint64_t count) {
  uLong result = 0;
  uLong power = crc32(0, reinterpret_cast<const Bytef*>(""), 1);  // the CRC of 2^k zeros
  for (std::uint64_t length = 1; length <= count; length *= 2) {
    if ((count & length) != 0) result = crc32_combine(result, power, static_cast<z_off_t>(length));
    power = crc32_combine(power, power, static_cast<z_off_t>(length));
  }
  return static_cast<std::uint32_t>(result);
}

void append_little_endian(std::string& out, std::uint32_t number) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    out.push_back(static_cast<char>((number >> shift) & 0xFFU));
}

}  // namespace

std::string gzip(std::string_view text) { return compress(text, kGzipFormat, Z_BEST_SPEED, Z_FINISH); }

GzipBomb make_gzip_bomb(std::uint64_t size) {
  // After a full flush a unit ends at a byte and refers to nothing before it.
  static const std::string unit = compress(zeros(kUnitZeros), kRawFormat, Z_BEST_COMPRESSION, Z_FULL_FLUSH);
  static constexpr std::string_view kHead("\x1F\x8B\x08\0\0\0\0\0\0\xFF", 10);  // RFC 1952, 2.3
  GzipBomb bomb{.head = std::string(kHead), .unit = unit, .units = size / kUnitZeros, .tail = {}};
  bomb.tail = compress(zeros(size % kUnitZeros), kRawFormat, Z_BEST_COMPRESSION, Z_FINISH);
  append_little_endian(bomb.tail, crc_of_zeros(size));
  append_little_endian(bomb.tail, static_cast<std::uint32_t>(size & 0xFFFFFFFFU));
  return bomb;
}

}  // namespace leat::origin
