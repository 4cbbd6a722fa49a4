#include "engine/io/decompressor.hpp"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>

namespace leat::io {

namespace {

using Piece = std::array<char, Decompressor::kPiece>;

Error broken(const char* format, const char* why) {
  return Error(Errc::bad_response, std::string("the ") + format + " data is damaged" +
                                       (why != nullptr ? ": " : "") + (why != nullptr ? why : ""));
}

/// Decompresses gzip and deflate.
class Zlib final : public Decompressor {
 public:
  explicit Zlib(bool gzip) : gzip_(gzip) {
    if (inflateInit2(&stream_, gzip ? MAX_WBITS + 16 : MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~Zlib() override { inflateEnd(&stream_); }

  void feed(std::string_view chunk) noexcept override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(chunk.data()));
    stream_.avail_in = static_cast<uInt>(chunk.size());
  }

  Result<std::string_view> next() override {
    for (;;) {
      if (ended_ && !begin_next_member()) return std::string_view();
      stream_.next_out = reinterpret_cast<Bytef*>(piece_.data());
      stream_.avail_out = static_cast<uInt>(piece_.size());
      const bool first = !begun_ && stream_.avail_in > 0;
      auto* const chunk = stream_.next_in;
      const uInt chunk_size = stream_.avail_in;
      begun_ = begun_ || first;
      int code = inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_DATA_ERROR && first && !gzip_ && inflateReset2(&stream_, -MAX_WBITS) == Z_OK) {
        stream_.next_in = chunk;  // no zlib header, so it is bare deflate
        stream_.avail_in = chunk_size;
        code = inflate(&stream_, Z_NO_FLUSH);
      }
      ended_ = code == Z_STREAM_END;
      if (code != Z_OK && code != Z_BUF_ERROR && !ended_)
        return broken(gzip_ ? "gzip" : "deflate", stream_.msg);
      const std::size_t made = piece_.size() - stream_.avail_out;
      if (made > 0) return std::string_view(piece_.data(), made);
      if (!ended_ && stream_.avail_in == 0) return std::string_view();
    }
  }

  bool complete() const noexcept override { return ended_; }

 private:
  // Gives false if nothing more is here. Zeros are padding, as on tapes; gzip(1) ignores them, too.
  bool begin_next_member() {
    while (stream_.avail_in > 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
    if (stream_.avail_in == 0) return false;
    ended_ = false;
    return inflateReset(&stream_) == Z_OK;
  }

  z_stream stream_{};
  bool gzip_;
  bool begun_ = false;
  bool ended_ = false;
  Piece piece_;
};

class Zstd final : public Decompressor {
 public:
  Zstd() : stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) throw std::bad_alloc();
  }
  ~Zstd() override { ZSTD_freeDStream(stream_); }

  void feed(std::string_view chunk) noexcept override { input_ = {chunk.data(), chunk.size(), 0}; }

  Result<std::string_view> next() override {
    ZSTD_outBuffer output{piece_.data(), piece_.size(), 0};
    while (output.pos == 0 && (input_.pos < input_.size || full_)) {
      left_ = ZSTD_decompressStream(stream_, &output, &input_);
      if (ZSTD_isError(left_) != 0) return broken("zstd", ZSTD_getErrorName(left_));
      full_ = output.pos == output.size;  // there may be more of this piece
    }
    return std::string_view(piece_.data(), output.pos);
  }

  bool complete() const noexcept override { return left_ == 0; }

 private:
  ZSTD_DStream* stream_;
  ZSTD_inBuffer input_{nullptr, 0, 0};
  std::size_t left_ = 1;
  bool full_ = false;
  Piece piece_;
};

class Brotli final : public Decompressor {
 public:
  Brotli() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {
    if (state_ == nullptr) throw std::bad_alloc();
  }
  ~Brotli() override { BrotliDecoderDestroyInstance(state_); }

  void feed(std::string_view chunk) noexcept override { rest_ = chunk; }

  Result<std::string_view> next() override {
    if (ended_) {
      if (!rest_.empty()) return broken("brotli", "there are bytes after its end");
      return std::string_view();
    }
    auto* out = reinterpret_cast<std::uint8_t*>(piece_.data());
    std::size_t room = piece_.size();
    const auto* in = reinterpret_cast<const std::uint8_t*>(rest_.data());
    std::size_t size = rest_.size();
    const auto code = BrotliDecoderDecompressStream(state_, &size, &in, &room, &out, nullptr);
    rest_ = rest_.substr(rest_.size() - size);
    if (code == BROTLI_DECODER_RESULT_ERROR) {
      return broken("brotli", BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state_)));
    }
    ended_ = code == BROTLI_DECODER_RESULT_SUCCESS;
    return std::string_view(piece_.data(), piece_.size() - room);
  }

  bool complete() const noexcept override { return ended_; }

 private:
  BrotliDecoderState* state_;
  std::string_view rest_;
  bool ended_ = false;
  Piece piece_;
};

}  // namespace

std::unique_ptr<Decompressor> Decompressor::make(Compression kind) {
  switch (kind) {
    case Compression::zstd:
      return std::make_unique<Zstd>();
    case Compression::brotli:
      return std::make_unique<Brotli>();
    default:
      return std::make_unique<Zlib>(kind == Compression::gzip);
  }
}

}  // namespace leat::io
