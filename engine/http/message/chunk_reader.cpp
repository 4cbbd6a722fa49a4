#include "engine/http/message/chunk_reader.hpp"

#include <charconv>

namespace leat::http {

namespace {

constexpr std::size_t kMaxLine = 16 * 1024;       // for a size and its extensions
constexpr std::size_t kMaxTrailers = 256 * 1024;  // for all of them together, and for each
constexpr std::uint64_t kMaxSize = ~std::uint64_t{0} >> 1;

}  // namespace

void ChunkReader::start() noexcept {
  cut_.clear();
  left_ = 0;
  trailers_ = 0;
  place_ = Place::size;
}

Status ChunkReader::take_line(std::string_view& bytes) {
  const auto end = bytes.find('\n');
  const std::string_view piece = bytes.substr(0, end == std::string_view::npos ? end : end + 1);
  bytes.remove_prefix(piece.size());
  if (place_ == Place::trailers && (trailers_ += piece.size()) > kMaxTrailers) {
    return Error(Errc::header_too_large, "the fields after the body are over 256 KiB");
  }
  if (place_ != Place::trailers && cut_.size() + piece.size() > kMaxLine) {
    return Error(Errc::bad_response, "the line with a chunk's size is over 16 KiB");
  }
  if (end != std::string_view::npos && cut_.empty()) return take_whole_line(piece);
  cut_ += piece;
  if (end == std::string_view::npos) return std::nullopt;
  Status wrong = take_whole_line(cut_);
  cut_.clear();
  return wrong;
}

Status ChunkReader::take_whole_line(std::string_view line) {
  line.remove_suffix(1);
  const bool bare = line.empty() || line.back() != '\r';
  if (!bare) line.remove_suffix(1);
  if (line.find('\r') != std::string_view::npos) {
    return Error(Errc::bad_response, "a bare CR among the chunks");
  }
  if (place_ == Place::size) {
    bare_ = bare;
    return take_size(line);
  }
  if (place_ == Place::data_end) {
    if (!line.empty() || bare != bare_) return Error(Errc::bad_response, "a chunk is longer than its size");
    place_ = Place::size;
  } else if (line.empty()) {
    place_ = Place::end;
  } else if (line.find('\0') != std::string_view::npos) {
    return Error(Errc::bad_response, "a field after the body holds a NUL");
  } else if (line.front() != ' ' && line.front() != '\t' && line.find(':') == std::string_view::npos) {
    return Error(Errc::bad_response, "a line after the body is no header field");
  }
  return std::nullopt;
}

// The grammar is 1*HEXDIG [ BWS ";" extension ]. Blanks before the line's end are allowed, because some
// servers fill a fixed width with them.
Status ChunkReader::take_size(std::string_view line) {
  std::uint64_t size = 0;
  const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  if (error == std::errc::result_out_of_range || size > kMaxSize) {
    return Error(Errc::bad_response, "a chunk's size is too large");
  }
  const auto more = line.substr(static_cast<std::size_t>(rest - line.data()));
  const auto extension = more.find_first_not_of(" \t");
  if (error != std::errc() || (extension != std::string_view::npos && more[extension] != ';')) {
    return Error(Errc::bad_response, "a chunk does not begin with its size");
  }
  left_ = size;
  place_ = size == 0 ? Place::trailers : Place::data;
  return std::nullopt;
}

}  // namespace leat::http
