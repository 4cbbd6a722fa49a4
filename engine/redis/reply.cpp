#include "engine/redis/reply.hpp"

#include <hiredis/hiredis.h>

#include <new>
#include <utility>

#include "engine/text/ascii.hpp"

namespace leat::redis {

namespace {

struct FreeReply {
  void operator()(void* reply) const noexcept { freeReplyObject(reply); }
};

Reply taken(const redisReply& from) {
  Reply reply;
  switch (from.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      reply.kind = Reply::Kind::text;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ERROR:
      reply.kind = Reply::Kind::error;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_INTEGER:
      reply.kind = Reply::Kind::integer;
      reply.integer = from.integer;
      break;
    case REDIS_REPLY_ARRAY:
      reply.kind = Reply::Kind::list;
      reply.items.reserve(from.elements);
      for (std::size_t i = 0; i < from.elements; ++i) reply.items.push_back(taken(*from.element[i]));
      break;
    default:
      break;
  }
  return reply;
}

}  // namespace

// The array of bulk strings is shorter to write than redisFormatCommandArgv's tables of pointers are to fill.
void append_command(std::string& bytes, const Command& command) {
  bytes.append("*").append(std::to_string(command.size())).append("\r\n");
  for (const auto& word : command)
    bytes.append("$").append(std::to_string(word.size())).append("\r\n").append(word).append("\r\n");
}

std::string_view Reply::error_code() const noexcept {
  if (!is_error()) return {};
  const std::string_view word = std::string_view(text).substr(0, text.find(' '));
  for (const char c : word) {
    if (!text::is_upper(c)) return {};
  }
  return word;
}

ReplyReader::ReplyReader() : reader_(redisReaderCreate()) {
  if (!reader_) throw std::bad_alloc();
}

void ReplyReader::Free::operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }

void ReplyReader::feed(std::string_view bytes) {
  if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK) broken_ = true;
}

std::optional<Reply> ReplyReader::next() {
  if (broken_) return std::nullopt;
  void* found = nullptr;
  if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK) {
    broken_ = true;
    return std::nullopt;
  }
  const std::unique_ptr<void, FreeReply> owned(found);
  if (!owned) return std::nullopt;
  return taken(*static_cast<const redisReply*>(found));
}

}  // namespace leat::redis
