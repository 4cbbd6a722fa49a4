#include "engine/io/unpacked_reader.hpp"

#include <algorithm>
#include <string_view>

namespace leat::io {

namespace {

// These are the beginnings of gzip (RFC 1952, with its only method) and of zstd (RFC 8878). A zstd file may
// begin with a frame to be skipped; the first byte of that is one of sixteen.
constexpr std::string_view kGzip = "\x1F\x8B\x08";
constexpr std::string_view kZstd = "\x28\xB5\x2F\xFD";
constexpr std::string_view kSkippable = "\x2A\x4D\x18";

// Says whether the two agree as far as both go.
bool may_be(std::string_view start, std::string_view magic) noexcept {
  const auto size = std::min(start.size(), magic.size());
  return start.substr(0, size) == magic.substr(0, size);
}

}  // namespace

UnpackedReader::Kind UnpackedReader::kind_of(const std::string& start) noexcept {
  if (start.empty()) return Kind::unknown;
  if (may_be(start, kGzip)) return start.size() < kGzip.size() ? Kind::unknown : Kind::gzip;
  if (may_be(start, kZstd)) return start.size() < kZstd.size() ? Kind::unknown : Kind::zstd;
  const bool skippable =
      (start.front() & 0xF0) == 0x50 && may_be(std::string_view(start).substr(1), kSkippable);
  if (!skippable) return Kind::plain;
  return start.size() <= kSkippable.size() ? Kind::unknown : Kind::zstd;
}

async::Task<Status> UnpackedReader::read(std::string& chunk) {
  if (kind_ == Kind::unknown) {
    auto starting = read_start();
    if (auto error = co_await std::move(starting)) co_return error;
    if (kind_ == Kind::plain) {
      chunk = std::exchange(input_, {});
      co_return std::nullopt;
    }
  }
  auto reading = kind_ == Kind::plain ? packed_->read(chunk) : read_piece(chunk);
  co_return co_await std::move(reading);
}

// Reads until it is known what the input is. An input that ends before that is plain.
async::Task<Status> UnpackedReader::read_start() {
  std::string more;
  while (kind_ == Kind::unknown) {
    auto reading = packed_->read(more);
    if (auto error = co_await std::move(reading)) co_return error;
    input_ += more;
    kind_ = more.empty() ? Kind::plain : kind_of(input_);
  }
  if (kind_ == Kind::plain) co_return std::nullopt;
  decompressor_ = Decompressor::make(kind_ == Kind::gzip ? Compression::gzip : Compression::zstd);
  decompressor_->feed(input_);
  co_return std::nullopt;
}

async::Task<Status> UnpackedReader::read_piece(std::string& chunk) {
  chunk.clear();
  while (!stopped_) {
    auto piece = decompressor_->next();
    if (!piece) co_return broken(piece.error().message);
    chunk = *piece;
    if (!chunk.empty()) co_return std::nullopt;
    auto reading = packed_->read(input_);
    if (auto error = co_await std::move(reading)) co_return error;
    if (input_.empty()) break;
    decompressor_->feed(input_);
  }
  if (stopped_ || decompressor_->complete()) co_return std::nullopt;
  co_return broken("it ends in the middle of its compressed data");
}

void UnpackedReader::stop() noexcept {
  stopped_ = true;
  packed_->stop();
}

Error UnpackedReader::broken(const std::string& why) const {
  return Error(Errc::file_error, "can't read all of " + name_ + ": " + why);
}

}  // namespace leat::io
