#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "tests/engine/load/load_fixture.hpp"
#include "tests/support/h2_load_server.hpp"

namespace leat::load_test {

using Errors = std::map<Errc, std::uint64_t>;

inline load::LoadPlan http2_plan(const std::string& url, std::uint64_t requests, std::size_t concurrency = 4,
                                 std::size_t streams = 4) {
  load::LoadPlan plan = plan_of(url, requests, concurrency);
  plan.http2 = true;
  plan.streams = streams;
  return plan;
}

inline void set_body(load::LoadPlan& plan, std::string body) {
  plan.targets[0].method = "POST";
  plan.targets[0].has_body = true;
  plan.targets[0].body = {load::TextPiece{load::TextPiece::Kind::text, std::move(body), 0, false}};
}

inline Errors errors_of(const load::LoadResult& result) {
  Errors errors;
  for (const auto& [code, error] : result.by_error) errors[code] = error.count;
  return errors;
}

inline std::string example_of(const load::LoadResult& result, Errc code) {
  const auto found = result.by_error.find(code);
  return found == result.by_error.end() ? "" : found->second.example;
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A run against a behaviour of the server, and what both sides have counted.
struct Run {
  explicit Run(const std::string& behaviour, std::uint64_t requests = 40, std::size_t concurrency = 4,
               std::size_t streams = 4)
      : server(behaviour), plan(http2_plan(server.url(), requests, concurrency, streams)) {}
  Run& go() {
    result = run_plan(plan);
    counts = server.end();
    return *this;
  }

  tests::Http2LoadServer server;
  load::LoadPlan plan;
  load::LoadResult result;
  tests::Http2LoadServer::Counts counts;
};

}  // namespace leat::load_test
