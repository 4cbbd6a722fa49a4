#include "tests/support/origin/body_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>

#include "tests/support/origin/pattern.hpp"

namespace leat::origin {
namespace {

void fill_pattern(std::span<char> room, std::uint64_t offset) noexcept {
  std::size_t done = 0;
  const auto bytewise = [&](std::size_t end) {
    for (; done < end; ++done) room[done] = pattern_byte(offset + done);
  };
  bytewise(std::min<std::size_t>(room.size(), (8 - offset % 8) % 8));
  if constexpr (std::endian::native == std::endian::little) {
    for (; done + 8 <= room.size(); done += 8) {
      const std::uint64_t word = pattern_word((offset + done) / 8);
      std::memcpy(room.data() + done, &word, 8);
    }
  }
  bytewise(room.size());
}

std::size_t smaller(std::size_t room, std::uint64_t left) noexcept {
  return static_cast<std::size_t>(std::min<std::uint64_t>(room, left));
}

}  // namespace

std::size_t PatternBody::read(std::span<char> room) {
  const std::size_t size = smaller(room.size(), left_);
  fill_pattern(room.first(size), offset_);
  offset_ += size;
  if (left_ != kEndless) left_ -= size;
  return size;
}

std::size_t RepeatedBody::read(std::span<char> room) {
  const std::size_t size = smaller(room.size(), left_);
  for (std::size_t done = 0; done < size;) {
    const std::size_t piece = std::min(size - done, text_.size() - position_);
    std::memcpy(room.data() + done, text_.data() + position_, piece);
    done += piece;
    position_ = (position_ + piece) % text_.size();
  }
  if (left_ != kEndless) left_ -= size;
  return size;
}

ChunkedBody::ChunkedBody(std::unique_ptr<BodySource> inner, std::uint64_t chunk_size) noexcept
    : inner_(std::move(inner)),
      chunk_size_(static_cast<std::size_t>(std::clamp<std::uint64_t>(chunk_size, 1, kMaxChunk))) {}

/// Codes the next chunks: one, or some KiB of small ones.
bool ChunkedBody::fill() {
  coded_.clear();
  position_ = 0;
  data_.resize(chunk_size_);
  while (!ended_ && coded_.size() < kMaxChunk) {
    const std::size_t size = inner_->read(data_);
    fmt::format_to(std::back_inserter(coded_), "{:x}\r\n", size);
    coded_.append(data_, 0, size).append("\r\n");
    ended_ = size == 0;
  }
  return !coded_.empty();
}

std::size_t ChunkedBody::read(std::span<char> room) {
  if (position_ == coded_.size() && !fill()) return 0;
  const std::size_t size = std::min(room.size(), coded_.size() - position_);
  std::memcpy(room.data(), coded_.data() + position_, size);
  position_ += size;
  return size;
}

std::string pattern_text(std::uint64_t size) {
  std::string text(static_cast<std::size_t>(size), '\0');
  fill_pattern(text, 0);
  return text;
}

}  // namespace leat::origin
