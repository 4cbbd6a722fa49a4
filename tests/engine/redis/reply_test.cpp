#include "engine/redis/reply.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat::redis;

TEST_CASE("Reply: every kind of reply is read, however its bytes are split") {
  const std::string bytes =
      "+OK\r\n:-7\r\n$5\r\na\r\nbc\r\n$-1\r\n*-1\r\n-WRONGTYPE Operation\r\n*2\r\n*1\r\n$1\r\nx\r\n:3\r\n";
  for (std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, bytes.size()}) {
    CAPTURE(step);
    ReplyReader reader;
    std::vector<Reply> replies;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      reader.feed(std::string_view(bytes).substr(at, step));
      while (auto reply = reader.next()) replies.push_back(*reply);
    }
    REQUIRE(replies.size() == 7);
    CHECK(replies[0].text == "OK");
    CHECK(replies[1].integer == -7);
    CHECK(replies[2].text == "a\r\nbc");
    CHECK(replies[3].is_nothing());
    CHECK(replies[4].is_nothing());
    CHECK(replies[5].is_error());
    CHECK(replies[5].error_code() == "WRONGTYPE");
    REQUIRE(replies[6].items.size() == 2);
    CHECK(replies[6].items[0].items[0].text == "x");
    CHECK(replies[6].items[1].integer == 3);
    CHECK_FALSE(reader.is_broken());
  }
}

TEST_CASE("Reply: what is no answer of a Redis server is told from one that is not whole") {
  ReplyReader reader;
  reader.feed("HTTP/1.1 400 Bad Request\r\n");
  CHECK_FALSE(reader.next().has_value());
  CHECK(reader.is_broken());
  ReplyReader waiting;
  waiting.feed("$10\r\nhalf");
  CHECK_FALSE(waiting.next().has_value());
  CHECK_FALSE(waiting.is_broken());
}

TEST_CASE("Reply: a command is sent with the length of each word, whatever bytes it has") {
  std::string bytes;
  append_command(bytes, {"SET", "k", std::string("a\0\r\n", 4)});
  CHECK(bytes == std::string("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\0\r\n\r\n", 30));
}
