#include "engine/io/unpacked_reader.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace leat::io {

namespace {

// How a packed text begins: gzip (RFC 1952, with its only method), zstd (RFC 8878), xz (its format 1.2.0,
// 2.1.1.1) and bzip2, whose first block or whose end follows the size of its blocks. A zstd file may begin
// with a frame to be skipped. A '?' stands for one digit from 1, a '*' for one of sixteen bytes, 0x50 to
// 0x5F.
struct Beginning {
  std::string_view bytes;
  Compression kind;
};
constexpr std::array<Beginning, 6> kBeginnings{{{"\x1F\x8B\x08", Compression::gzip},
                                                {"\x28\xB5\x2F\xFD", Compression::zstd},
                                                {"\x01\x2A\x4D\x18", Compression::zstd},
                                                {{"\xFD"
                                                  "7zXZ\0",
                                                  6},
                                                 Compression::xz},
                                                {"BZh\x02"
                                                 "1AY&SY",
                                                 Compression::bzip2},
                                                {"BZh\x02\x17\x72\x45\x38\x50\x90", Compression::bzip2}}};

bool fits(char c, char wanted) noexcept {
  if (wanted == '\x02') return c >= '1' && c <= '9';
  if (wanted == '\x01') return (static_cast<unsigned char>(c) & 0xF0U) == 0x50U;
  return c == wanted;
}

// Says whether the two agree as far as both go.
bool may_be(std::string_view start, std::string_view bytes) noexcept {
  const auto size = std::min(start.size(), bytes.size());
  return std::equal(start.begin(), start.begin() + static_cast<std::ptrdiff_t>(size), bytes.begin(), fits);
}

/// What a text is that begins so.
struct Start {
  bool known = false;               // more of it would change nothing
  std::optional<Compression> kind;  // nothing where it is plain
};

Start look_at(std::string_view start) noexcept {
  const auto* const found = std::find_if(kBeginnings.begin(), kBeginnings.end(),
                                         [start](const Beginning& one) { return may_be(start, one.bytes); });
  if (found == kBeginnings.end()) return {true, std::nullopt};
  if (start.size() < found->bytes.size()) return {};
  return {true, found->kind};
}

}  // namespace

std::optional<Compression> compression_of(std::string_view start) noexcept { return look_at(start).kind; }

bool may_become_packed(std::string_view start) noexcept { return !look_at(start).known; }

async::Task<Status> UnpackedReader::read(std::string& chunk) {
  if (!begun_) {
    auto starting = read_start();
    if (auto error = co_await std::move(starting)) co_return error;
    if (decompressor_ == nullptr) {
      chunk = std::exchange(input_, {});
      co_return std::nullopt;
    }
  }
  auto reading = decompressor_ == nullptr ? packed_->read(chunk) : read_piece(chunk);
  co_return co_await std::move(reading);
}

// Reads until it is known what the input is. An input that ends before that is plain.
async::Task<Status> UnpackedReader::read_start() {
  std::string more;
  Start start;
  while (!start.known) {
    auto reading = packed_->read(more);
    if (auto error = co_await std::move(reading)) co_return error;
    input_ += more;
    start = more.empty() ? Start{true, std::nullopt} : look_at(input_);
  }
  begun_ = true;
  if (!start.kind) co_return std::nullopt;
  decompressor_ = Decompressor::make(*start.kind);
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
