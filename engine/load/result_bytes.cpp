#include "engine/load/result_bytes.hpp"

#include <bit>
#include <concepts>
#include <cstring>
#include <utility>

namespace leat::load {

namespace {

constexpr std::string_view kMark = "leat.result/2\n";

/// Writes numbers in as few bytes as they need (LEB128), since most buckets are small.
class Writer {
 public:
  template <std::unsigned_integral Number>
  void operator()(const Number& number) {
    std::uint64_t left = number;
    for (; left > 0x7f; left >>= 7) bytes_ += static_cast<char>(left | 0x80);
    bytes_ += static_cast<char>(left);
  }
  void operator()(const bool& flag) { (*this)(std::uint64_t{flag}); }
  void operator()(const double& number) { (*this)(std::bit_cast<std::uint64_t>(number)); }
  void operator()(const async::Duration& time) { (*this)(static_cast<std::uint64_t>(time.count())); }
  void operator()(const std::string& text) {
    (*this)(text.size());
    bytes_ += text;
  }
  void operator()(Histogram& histogram) {
    std::uint64_t buckets = 0;
    histogram.for_each([&](const Histogram::Bucket&) { ++buckets; });
    (*this)(buckets);
    histogram.for_each([&](const Histogram::Bucket& bucket) {
      (*this)(bucket.lowest);
      (*this)(bucket.count);
    });
    const auto sums = histogram.sums();
    for (const auto sum : {sums.sum, sums.min, sums.max, sums.censored, sums.censored_max}) (*this)(sum);
  }
  template <class Item, class Pass>
  void list(std::vector<Item>& items, Pass pass) {
    (*this)(items.size());
    for (auto& item : items) pass(item);
  }
  template <class Key, class Value, class Pass>
  void map(std::map<Key, Value>& items, Pass pass) {
    (*this)(items.size());
    for (auto& [key, value] : items) {
      (*this)(static_cast<std::uint64_t>(key));
      pass(value);
    }
  }
  void fail() noexcept {}
  [[nodiscard]] std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads them; what is cut or makes no sense fails, and costs no more memory than its bytes.
class Reader {
 public:
  explicit Reader(std::string_view bytes) noexcept : rest_(bytes) {}

  template <std::unsigned_integral Number>
  void operator()(Number& number) {
    std::uint64_t all = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return fail();
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      all |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte <= 0x7f) {
        number = static_cast<Number>(all);
        return;
      }
    }
    fail();
  }
  void operator()(bool& flag) { flag = number() != 0; }
  void operator()(double& value) { value = std::bit_cast<double>(number()); }
  void operator()(async::Duration& time) { time = async::Duration(static_cast<std::int64_t>(number())); }
  void operator()(std::string& text) {
    const std::uint64_t size = count();
    text = rest_.substr(0, size);
    rest_.remove_prefix(text.size());
  }
  void operator()(Histogram& histogram) {
    histogram = Histogram();
    for (std::uint64_t left = count(); left > 0 && ok_; --left) {
      const std::uint64_t lowest = number();
      histogram.record_many(lowest, number());
    }
    Histogram::Sums sums;
    for (auto* sum : {&sums.sum, &sums.min, &sums.max, &sums.censored, &sums.censored_max}) (*this)(*sum);
    histogram.set_sums(sums);
  }
  template <class Item, class Pass>
  void list(std::vector<Item>& items, Pass pass) {
    items.clear();
    for (std::uint64_t left = count(); left > 0 && ok_; --left) pass(items.emplace_back());
  }
  template <class Key, class Value, class Pass>
  void map(std::map<Key, Value>& items, Pass pass) {
    items.clear();
    for (std::uint64_t left = count(); left > 0 && ok_; --left) {
      const auto key = static_cast<Key>(number());
      pass(items[key]);
    }
  }
  void fail() noexcept {
    ok_ = false;
    rest_ = {};
  }
  [[nodiscard]] bool is_whole() const noexcept { return ok_ && rest_.empty(); }

 private:
  std::uint64_t number() {
    std::uint64_t read = 0;
    (*this)(read);
    return read;
  }
  // Each of so many things takes at least a byte.
  std::uint64_t count() {
    const std::uint64_t read = number();
    if (read > rest_.size()) fail();
    return ok_ ? read : 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

// What is written and what is read is said once, for both.

template <class Archive>
void pass(Archive& a, Tally& tally) {
  for (const auto count : kTallyCounts) a(tally.*count);
}

template <class Archive>
void pass(Archive& a, std::map<Errc, ErrorTally>& errors) {
  a.map(errors, [&a](ErrorTally& error) {
    a(error.count);
    a(error.first);
    a(error.example);
  });
  if (errors.empty() || errors.rbegin()->first <= Errc::internal) return;
  errors.clear();
  a.fail();
}

template <class Archive>
void pass(Archive& a, PhaseHistograms& phases) {
  for (const auto phase : kPhaseHistograms) a(phases.*phase);
}

template <class Archive>
void pass(Archive& a, Slice& second) {
  a(second.start);
  a(second.lasts);
  for (auto* one :
       {&second.sent, &second.ok, &second.status_errors, &second.failed, &second.bytes_in, &second.in_flight})
    a(*one);
  a(second.inside);
  a(second.in_flight_nanoseconds);
  a(second.cpu);
  a(second.response);
  a(second.schedule_lag);
}

template <class Archive>
void pass(Archive& a, ClientLoad& client) {
  for (auto* list : {&client.cpu, &client.waited}) a.list(*list, [&a](double& one) { a(one); });
  a(client.loop_lag);
  a(client.schedule_lag);
  a(client.mean_in_flight);
  a(client.mean_in_service);
  a(client.cap_waits);
  a(client.without_descriptor);
  a(client.without_port);
}

template <class Archive>
void pass(Archive& a, LoadResult& result) {
  const auto counts = [&a](std::map<int, std::uint64_t>& statuses) {
    a.map(statuses, [&a](std::uint64_t& count) { a(count); });
  };
  a(result.measured);
  a(result.stopped);
  a(result.paused);
  pass(a, result.totals);
  pass(a, result.latency);
  a.list(result.by_target, [&](TargetResult& target) {
    a(target.url);
    a(target.method);
    pass(a, target.tally);
    a(target.response);
    counts(target.by_status);
    pass(a, target.by_error);
  });
  a.list(result.by_stage, [&](StageResult& stage) {
    a(stage.stage.lasts);
    a(stage.stage.from);
    a(stage.stage.to);
    pass(a, stage.tally);
    a(stage.response);
  });
  a.list(result.by_address, [&](AddressResult& address) {
    a(address.address);
    pass(a, address.tally);
    a(address.response);
  });
  counts(result.by_status);
  result.answers.pass(a);
  pass(a, result.by_error);
  a.list(result.seconds, [&](Slice& second) { pass(a, second); });
  pass(a, result.client);
  a(result.findings.looked_at);
  a(result.findings.unfit);
  a(result.findings.example);
}

}  // namespace

std::string bytes_of(const LoadResult& result) {
  LoadResult copy = result;
  Writer writer;
  pass(writer, copy);
  return std::string(kMark) + std::move(writer).take();
}

Result<LoadResult> result_of(std::string_view bytes) {
  LoadResult result;
  bool whole = bytes.starts_with(kMark);
  if (whole) {
    Reader reader(bytes.substr(kMark.size()));
    pass(reader, result);
    whole = reader.is_whole();
  }
  if (!whole) return Error(Errc::bad_response, "these bytes are no result of this version of leat");
  return result;
}

}  // namespace leat::load
