#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/http/gate/host_gate.hpp"
#include "engine/http/message/request.hpp"
#include "engine/http/message/response.hpp"
#include "engine/http/performer.hpp"

namespace leat::pipelines {

/// One record's URL and its mirrors, asked `n` at a time: the first good answer (a status below 400) wins and
/// has the body, the others are cancelled. One that fails makes room for the next; one that wins and then
/// fails on the way gives the rest another chance. Each URL is asked once.
///
/// The body goes to the record's own sink, from one transfer at a time. Loop thread only; whatever runs is
/// cancelled and gone when `run` ends. Outlives it.
class Race {
 public:
  struct Result {
    Result() = default;
    std::string url;           // whose answer it is
    std::size_t attempts = 0;  // requests made
    leat::Result<http::Response> answer = Error(Errc::cancelled, "no URL was asked");
    bool won = false;  // it is a good one, else the last of those that weren't
  };

  /// Who hears of every answer, by its URL.
  using Told = std::function<void(const std::string& url, const leat::Result<http::Response>& answer)>;

  Race(async::EventLoop& loop, http::Performer& performer, http::HostGate& gate, http::BodySink& body,
       Told told);
  Race(const Race&) = delete;
  Race& operator=(const Race&) = delete;
  ~Race();

  /// `request` with each of the URLs, the first of which has its slot already.
  async::Task<Result> run(const http::Request& request, std::vector<std::string> urls, std::size_t n,
                          http::HostGate::Slot first);

 private:
  struct Shared;
  class Lane;

  async::Task<void> compete(std::size_t n);
  async::Task<void> end_lanes(const Lane* but);
  void start_lanes(std::size_t n);
  bool look_at_lanes();

  async::EventLoop& loop_;
  http::Performer& performer_;
  http::HostGate& gate_;
  http::BodySink& body_;
  Told told_;
  const http::Request* request_ = nullptr;
  http::HostGate::Slot first_;
  std::size_t part_ = 0;           // of the record, as of that slot
  std::vector<std::string> urls_;  // still to ask, the next one last
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::shared_ptr<Shared> shared_;
  Result result_;
};

}  // namespace leat::pipelines
