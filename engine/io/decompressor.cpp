#include "engine/io/decompressor.hpp"

#include <brotli/decode.h>
#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

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

// Skips zeros between two compressed texts and behind the last one, and says whether anything else is there.
// They are padding, as on tapes; gzip(1) ignores them, too.
template <class Byte, class Size>
bool skip_zeros(Byte*& next, Size& left) {
  while (left > 0 && *next == 0) {
    ++next;
    --left;
  }
  return left > 0;
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
  // Gives false if nothing more is here.
  bool begin_next_member() {
    if (!skip_zeros(stream_.next_in, stream_.avail_in)) return false;
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

const char* why_of(lzma_ret code) noexcept {
  switch (code) {
    case LZMA_FORMAT_ERROR:
      return "something else follows";
    case LZMA_OPTIONS_ERROR:
      return "it needs a newer liblzma";
    case LZMA_MEMLIMIT_ERROR:
      return "it would take more than 128 MiB of memory";
    default:
      return nullptr;
  }
}

/// Decompresses xz. LZMA_CONCATENATED would have to be told where the input ends, so each stream is begun
/// here.
class Xz final : public Decompressor {
 public:
  Xz() { begin(); }
  ~Xz() override { lzma_end(&stream_); }

  void feed(std::string_view chunk) noexcept override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(chunk.data());
    stream_.avail_in = chunk.size();
  }

  Result<std::string_view> next() override {
    for (;;) {
      if (ended_) {
        if (!skip_zeros(stream_.next_in, stream_.avail_in)) return std::string_view();
        begin();
      }
      stream_.next_out = reinterpret_cast<std::uint8_t*>(piece_.data());
      stream_.avail_out = piece_.size();
      const lzma_ret code = lzma_code(&stream_, LZMA_RUN);
      ended_ = code == LZMA_STREAM_END;
      if (code == LZMA_MEM_ERROR) throw std::bad_alloc();
      if (code != LZMA_OK && code != LZMA_BUF_ERROR && !ended_) return broken("xz", why_of(code));
      const std::size_t made = piece_.size() - stream_.avail_out;
      if (made > 0) return std::string_view(piece_.data(), made);
      if (!ended_ && stream_.avail_in == 0) return std::string_view();
    }
  }

  bool complete() const noexcept override { return ended_; }

 private:
  // liblzma uses the memory of the stream before once more, and leaves the input alone.
  void begin() {
    if (lzma_stream_decoder(&stream_, kMostXzMemory, 0) != LZMA_OK) throw std::bad_alloc();
    ended_ = false;
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool ended_ = false;
  Piece piece_;
};

/// Decompresses bzip2.
class Bzip2 final : public Decompressor {
 public:
  Bzip2() { begin(); }
  ~Bzip2() override { BZ2_bzDecompressEnd(&stream_); }

  void feed(std::string_view chunk) noexcept override {
    stream_.next_in = const_cast<char*>(chunk.data());
    stream_.avail_in = static_cast<unsigned>(chunk.size());
  }

  Result<std::string_view> next() override {
    for (;;) {
      if (ended_) {
        if (!skip_zeros(stream_.next_in, stream_.avail_in)) return std::string_view();
        BZ2_bzDecompressEnd(&stream_);
        begin();
      }
      stream_.next_out = piece_.data();
      stream_.avail_out = static_cast<unsigned>(piece_.size());
      const int code = BZ2_bzDecompress(&stream_);
      ended_ = code == BZ_STREAM_END;
      if (code == BZ_MEM_ERROR) throw std::bad_alloc();
      if (code != BZ_OK && !ended_) {
        return broken("bzip2", code == BZ_DATA_ERROR_MAGIC ? "something else follows" : nullptr);
      }
      const std::size_t made = piece_.size() - stream_.avail_out;
      if (made > 0) return std::string_view(piece_.data(), made);
      if (!ended_ && stream_.avail_in == 0) return std::string_view();
    }
  }

  bool complete() const noexcept override { return ended_; }

 private:
  // The input is left alone.
  void begin() {
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
    ended_ = false;
  }

  bz_stream stream_{};
  bool ended_ = false;
  Piece piece_;
};

}  // namespace

std::unique_ptr<Decompressor> Decompressor::make(Compression kind) {
  switch (kind) {
    case Compression::zstd:
      return std::make_unique<Zstd>();
    case Compression::xz:
      return std::make_unique<Xz>();
    case Compression::bzip2:
      return std::make_unique<Bzip2>();
    case Compression::brotli:
      return std::make_unique<Brotli>();
    default:
      return std::make_unique<Zlib>(kind == Compression::gzip);
  }
}

}  // namespace leat::io
