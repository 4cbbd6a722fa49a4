#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/http/client.hpp"
#include "pipelines/plan/arg_values.hpp"
#include "pipelines/record/checksum.hpp"

namespace leat::pipelines {

class ChecksumFile;

/// What the body of an answer is read as while it comes; each of these is a record.
enum class Streamed : std::uint8_t { none, lines, sse, json };

/// What a stage fetches with: fetch itself, paginate and crawl. `leat bench` takes its requests from it, too.
struct FetchArgs {
  std::size_t n = 32;
  std::size_t per_host = 0;    // transfers at once to one origin; 0: as many as n
  std::size_t host_parts = 1;  // of each origin in a job; of the spec's own n, whatever a process makes of it
  double rate = 0;             // starts a second, all together; 0: no limit
  double per_host_rate = 0;    // and to one origin
  std::size_t window = 10'000;  // records read ahead of those whose origin must wait
  int retry = 3;
  async::Duration retry_max_time{std::chrono::minutes(10)};
  async::Duration retry_delay{0};  // between tries; 0: they grow
  std::string retry_on;            // what is tried again besides: see http::parse_retry_on
  async::Duration host_down{
      std::chrono::minutes(1)};  // without an answer, which give an origin up; 0: none do
  StatusSet fail;                // these are failed/http_status
  std::uint64_t body_limit = 16u << 20;
  std::string method;                 // -X, where a record names none
  std::optional<std::string> body;    // -d, where a record brings none
  std::string query;                  // is added to every URL
  std::optional<std::string> upload;  // -T: the name of a file that is sent as the body, a template
  std::string until;                  // a program: asked again while it gives false; empty: asked once
  async::Duration every{std::chrono::seconds(1)};  // between two such requests
  std::vector<std::string> form;                   // "name=value", templates: a form as the body
  std::vector<std::string> parts;                  // "name=value", "name=@FILE": a multipart body
  std::string json;                                // a program, whose first output is the body
  Streamed stream = Streamed::none;                // of `fetch` only
  std::size_t host_errors = 0;                     // failures in a row that give an origin up; 0: none do
  std::size_t race = 1;                            // of a record's URL and its mirrors, asked at once
  std::size_t segments = 1;                        // connections for one large body
  std::uint64_t min_segment = 1u << 20;            // none of them for less
  std::size_t threads = 1;                         // that transfers run on
  bool obey_robots = false;                        // of each origin, by its robots.txt
  std::vector<DigestKind> hash;                    // digests to work out, besides those that are expected
  std::shared_ptr<const ChecksumFile> checksums;   // that bodies must have; null: none
  Changes shape;                                   // of each request, from the record's fields; done first
  http::ClientOptions client;
};

}  // namespace leat::pipelines
