#include "engine/http/message/body_reader.hpp"

#include <string>

namespace leat::http {

Error too_large_error(std::uint64_t max_size) {
  return Error(Errc::body_too_large,
               "the body is larger than max-size, " + std::to_string(max_size) + " bytes");
}

void BodyReader::start(BodySink& sink) noexcept {
  sink_ = &sink;
  received_ = decoded_ = 0;
  chunked_ = skipped_ = false;
}

Status BodyReader::begin(const ResponseHead& head) {
  chunks_.start();
  chunked_ = head.chunked;
  if (Status wrong = decoder_.begin(head, compressed_)) return wrong;
  const bool too_large = max_size_ > 0 && head.content_length.value_or(0) > max_size_;
  if (too_large && !decoder_.is_active()) return too_large_error(max_size_);
  return sink_->begin(head);
}

void BodyReader::skip(const ResponseHead& head) noexcept {
  chunks_.start();
  chunked_ = head.chunked;
  skipped_ = true;
}

Status BodyReader::take(std::string_view bytes) {
  if (!chunked_) return decode(bytes);
  return chunks_.feed(bytes, [this](std::string_view piece) { return decode(piece); });
}

Status BodyReader::decode(std::string_view bytes) {
  received_ += bytes.size();
  if (skipped_) return std::nullopt;
  if (!decoder_.is_active()) return pass_on(bytes);
  return decoder_.decode(bytes, [this](std::string_view piece) { return pass_on(piece); });
}

Status BodyReader::pass_on(std::string_view bytes) {
  decoded_ += bytes.size();
  if (max_size_ > 0 && decoded_ > max_size_) return too_large_error(max_size_);
  return sink_->write(bytes);
}

}  // namespace leat::http
