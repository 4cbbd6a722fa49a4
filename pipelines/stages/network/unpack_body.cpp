#include "pipelines/stages/network/unpack_body.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/http/message/body_decoder.hpp"
#include "engine/io/unpacked_reader.hpp"
#include "engine/io/unpacker.hpp"
#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

Status append(std::string& out, std::string_view piece, std::uint64_t limit) {
  if (limit > 0 && out.size() + piece.size() > limit) {
    return Error(Errc::body_too_large, "the compressed body holds more than body-limit, " +
                                           std::to_string(limit) + " bytes, when it is unpacked");
  }
  out += piece;
  return std::nullopt;
}

Result<std::string> unpack(std::string_view body, std::uint64_t limit) {
  std::string out;
  const auto take = [&](std::string_view piece) { return append(out, piece, limit); };
  io::Unpacker unpacker;
  auto error = unpacker.write(body, take);
  if (!error) error = unpacker.finish(take);
  if (error) return std::move(*error);
  return out;
}

// By the label; nothing if it names no coding.
std::optional<Result<std::string>> unpack_labelled(const http::ResponseHead& head, std::string_view body,
                                                   std::uint64_t limit) {
  if (!head.headers.find("content-encoding")) return std::nullopt;
  http::BodyDecoder decoder;
  http::ResponseHead content = head;
  content.coded = false;  // those of the transfer are off
  if (decoder.begin(content, true) || !decoder.is_active()) return std::nullopt;
  std::string out;
  auto error = decoder.decode(body, [&](std::string_view piece) { return append(out, piece, limit); });
  if (!error) error = decoder.finish();
  if (error) return Result<std::string>(std::move(*error));
  return Result<std::string>(std::move(out));
}

}  // namespace

Status unpack_body(Record& record, bool decoded, std::uint64_t limit, BodyBudget& budget) {
  if (!record.body || record.body->empty() || !record.response) return std::nullopt;
  std::optional<std::string> unpacked;
  if (!decoded) {
    auto labelled = unpack_labelled(record.response->head, *record.body, limit);
    if (labelled && labelled->ok()) {
      unpacked = std::move(**labelled);
    } else if (labelled && (labelled->error().code == Errc::body_too_large || !text::is_utf8(*record.body))) {
      return std::move(labelled->error());
    }
  }
  if (const std::string& packed = unpacked ? *unpacked : *record.body; io::compression_of(packed)) {
    auto found = unpack(packed, limit);
    if (!found && found.error().code == Errc::body_too_large) return std::move(found.error());
    if (found) unpacked = std::move(*found);
  }
  if (!unpacked) return std::nullopt;
  record.raw_body = std::move(record.body);
  record.body = std::move(*unpacked);
  record.body_share = {};
  record.body_share = budget.take(record.body->size() + record.raw_body->size());
  return std::nullopt;
}

}  // namespace leat::pipelines
