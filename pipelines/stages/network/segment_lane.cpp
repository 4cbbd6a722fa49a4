#include "pipelines/stages/network/segment_lane.hpp"

#include <algorithm>

#include "engine/async/sleep.hpp"
#include "engine/http/message/body_reader.hpp"
#include "engine/http/message/url.hpp"

namespace leat::pipelines {

namespace {

// Of an answer to "bytes=0-" that is all there is.
std::optional<std::uint64_t> total_of(const http::ResponseHead& head) {
  const auto field = head.status == 206 ? head.headers.find("content-range") : std::nullopt;
  const auto range = field ? http::parse_content_range(*field) : std::nullopt;
  const bool is_all = range && range->first == 0 && range->total && range->last + 1 == *range->total;
  return is_all ? range->total : std::nullopt;
}

}  // namespace

struct Segments::Lane::Ended {
  explicit Ended(Shared& s) noexcept : shared(s) {}
  Ended(const Ended&) = delete;
  Ended& operator=(const Ended&) = delete;
  ~Ended() { shared.tell(); }
  Shared& shared;
};

struct Segments::Lane::Busy {
  explicit Busy(Server& s) noexcept : server(s) { ++server.transfers; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;
  ~Busy() { --server.transfers; }
  Server& server;
};

Segments::Lane::Lane(Segments& owner, http::HostGate::Slot slot)
    : owner_(owner),
      shared_(owner.shared_),
      slot_(std::move(slot)),
      asks_for_all_(!owner.shared_->has_file) {}

void Segments::Lane::start() { task = async::spawn(run(), "segment"); }

async::Task<void> Segments::Lane::run() {
  const Ended ending(*shared_);
  while (!owner_.is_over()) {
    Server* const server = slot_.held() || asks_for_all_ ? &owner_.servers_.front() : owner_.pick();
    if (server == nullptr) break;
    const Busy busy(*server);
    idle_ = true;
    auto waiting = wait_for(*server);
    co_await std::move(waiting);
    idle_ = false;
    if (!slot_.held()) {
      server->is_gone = true;
      if (!asks_for_all_) continue;
      owner_.whole_.emplace(given_up());
      break;
    }
    if (owner_.is_over()) break;
    if (!asks_for_all_) {
      const auto piece = owner_.file_->take_last();
      if (!piece) break;
      piece_ = *piece;
    }
    auto transferring = transfer(*server);
    co_await std::move(transferring);
    slot_.reset();  // only now: the server may just have been parked
    if (owner_.whole_ || owner_.is_plain_) break;
  }
  slot_.reset();
}

async::Task<void> Segments::Lane::wait_for(Server& server) {
  if (slot_.held()) co_return;
  if (!asks_for_all_ && server.not_before > owner_.context_.loop.now()) {
    co_await async::sleep_until(server.not_before);
  }
  const std::string origin = http::origin_of(server.url);
  slot_ = co_await owner_.gate_.enter(origin, std::move(slot_), 0, owner_.part_);
}

async::Task<void> Segments::Lane::transfer(Server& server) {
  http::Request request = *owner_.request_;
  range_ = http::RangeRequest();
  if (!asks_for_all_) {
    const io::SegmentFile& file = *owner_.file_;
    request.url = server.url;
    request.times = nullptr;
    request.known = nullptr;
    range_.first = file.first(piece_) + file.done(piece_);
    range_.last = file.first(piece_) + file.size(piece_) - 1;
    range_.condition = file.version();
    range_.total = file.total();
  }
  request.range = &range_;
  use_ = Use::aside;
  is_wrong_ = has_met_ = false;
  auto performing = owner_.performer_.perform(request, *this);
  auto answer = co_await std::move(performing);
  ended(server, std::move(answer));
}

void Segments::Lane::ended(Server& server, leat::Result<http::Response> answer) {
  if (asks_for_all_ && !has_split_) {
    if (is_wrong_) {
      owner_.is_plain_ = true;
      owner_.first_ = std::move(slot_);
    } else {
      owner_.whole_ = std::move(answer);
    }
    return;
  }
  asks_for_all_ = false;
  shared_->has_file = true;  // if this comes before what `split` has posted
  owner_.file_->give_back(piece_);
  if (is_wrong_) {
    server.is_gone = server.is_wrong = true;
  } else if (!has_met_) {
    owner_.take(server, piece_, std::move(answer));
  }
}

Status Segments::Lane::begin(const http::ResponseHead& head) {
  if (asks_for_all_) return begin_all(head);
  switch (http::judge(range_, head)) {
    case http::RangeAnswer::part:
      use_ = Use::piece;
      return std::nullopt;
    case http::RangeAnswer::other:
      use_ = Use::aside;
      return std::nullopt;
    default:
      is_wrong_ = true;
      return http::mismatch_error(range_, head);
  }
}

// An answer of 206 that is all of the body is 200 in all but name.
Status Segments::Lane::begin_all(const http::ResponseHead& head) {
  use_ = Use::all;
  if (head.status != 206 && head.status != 416) return owner_.body_.begin(head);
  const auto total = total_of(head);
  if (!total) {
    is_wrong_ = true;
    return http::mismatch_error(range_, head);
  }
  std::string version = http::range_condition(head);
  if (!version.empty() && *total / 2 >= owner_.args_.min_segment) return split(std::move(version), *total);
  http::ResponseHead whole = head;
  whole.status = 200;
  return owner_.body_.begin(whole);
}

Status Segments::Lane::split(std::string version, std::uint64_t total) {
  if (owner_.args_.client.max_size > 0 && total > owner_.args_.client.max_size) {
    return http::too_large_error(owner_.args_.client.max_size);
  }
  auto laid = owner_.body_.lay_out(std::move(version), total, owner_.most_pieces());
  if (!laid) return std::move(laid.error());
  owner_.file_ = std::move(*laid);
  owner_.file_->take_untouched(0);
  has_split_ = true;
  use_ = Use::piece;
  shared_->loop.post([shared = shared_] {
    shared->has_file = true;
    shared->tell();
  });
  return std::nullopt;
}

Status Segments::Lane::write(std::string_view bytes) {
  if (use_ == Use::all) return owner_.body_.write(bytes);
  owner_.body_.count(bytes.size());
  return use_ == Use::piece ? write_on(bytes) : std::nullopt;
}

// The first transfer goes on from piece to piece; the others have an end.
Status Segments::Lane::write_on(std::string_view bytes) {
  io::SegmentFile& file = *owner_.file_;
  for (;;) {
    const auto room = static_cast<std::size_t>(
        std::min<std::uint64_t>(bytes.size(), file.size(piece_) - file.done(piece_)));
    if (auto error = file.write(piece_, bytes.substr(0, room))) return error;
    bytes.remove_prefix(room);
    if (range_.last && !bytes.empty()) {
      is_wrong_ = true;
      return Error(Errc::range_mismatch, "the body goes on beyond its Content-Range");
    }
    if (range_.last || !file.is_whole(piece_) || piece_ + 1 == file.pieces()) return std::nullopt;
    if (!file.take_untouched(piece_ + 1)) break;
    ++piece_;
  }
  has_met_ = true;
  return Error(Errc::cancelled, "the rest comes over other connections");
}

}  // namespace leat::pipelines
