#include "pipelines/record/ledger.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <utility>
#include <vector>

#include "pipelines/record/record.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Ledger: a ticket counts once, with its first outcome") {
  Ledger ledger;
  {
    Ticket ticket = ledger.take();
    CHECK(ledger.live() == 1);
    ticket.settle(Outcome::skipped);
    ticket.settle(Outcome::ok);
  }
  CHECK(ledger.records_in() == 1);
  CHECK(ledger.live() == 0);
  CHECK(ledger.count(Outcome::skipped) == 1);
  CHECK(ledger.count(Outcome::ok) == 0);
  CHECK(ledger.count(Outcome::cancelled) == 0);
}

TEST_CASE("Ledger: a ticket that is dropped counts as cancelled") {
  Ledger ledger;
  { const Ticket ticket = ledger.take(); }
  CHECK(ledger.count(Outcome::cancelled) == 1);
  CHECK(ledger.live() == 0);
}

TEST_CASE("Ledger: a moved ticket counts where it went, and one that is assigned over is dropped") {
  Ledger ledger;
  Ticket first = ledger.take();
  Ticket second = ledger.take();
  Ticket moved(std::move(first));
  CHECK(ledger.live() == 2);
  moved = std::move(second);
  CHECK(ledger.count(Outcome::cancelled) == 1);
  moved.settle(Outcome::ok);
  CHECK(ledger.count(Outcome::ok) == 1);
  CHECK(ledger.live() == 0);
}

namespace {

/// Writes down how it ended.
class Noted final : public Family {
 public:
  Noted(std::vector<Outcome>& ends, std::uint64_t root, FamilyRef outer = nullptr)
      : Family(std::move(outer)), ends_(ends), root_(root) {}
  ~Noted() override { ends_.push_back(outcome()); }
  [[nodiscard]] std::uint64_t root_id() const noexcept override { return root_; }

 private:
  std::vector<Outcome>& ends_;
  std::uint64_t root_;
};

/// Writes down what was counted.
class Counted final : public Family {
 public:
  explicit Counted(std::vector<Outcome>& counted) : counted_(counted) {}
  void count(Outcome outcome) noexcept override { counted_.push_back(outcome); }

 private:
  std::vector<Outcome>& counted_;
};

/// Has a family around it, and is otherwise like any.
class Inner final : public Family {
 public:
  using Family::Family;
};

}  // namespace

TEST_CASE("Family: it ends with the last ticket in it, whichever that is, and the gravest outcome counts") {
  Ledger ledger;
  std::vector<Outcome> ends;
  Ticket parent = ledger.take();
  parent.belong_to(std::make_shared<Noted>(ends, 7));
  Ticket child = ledger.take(parent.share());
  Ticket copy = parent.share();
  CHECK_FALSE(copy.held());
  parent.settle(Outcome::ok);
  CHECK(ends.empty());
  copy.settle(Outcome::failed);
  CHECK(ends.empty());
  child.settle(Outcome::skipped);
  CHECK(ends == std::vector{Outcome::failed});
  CHECK(ledger.records_in() == 2);
}

TEST_CASE("Family: a ticket that is dropped has all of it done again, one that is withdrawn has not") {
  Ledger ledger;
  std::vector<Outcome> ends;
  {
    Ticket dropped = ledger.take();
    dropped.belong_to(std::make_shared<Noted>(ends, 1));
    dropped.share().settle(Outcome::ok);
  }
  Ticket withdrawn = ledger.take();
  withdrawn.belong_to(std::make_shared<Noted>(ends, 2));
  withdrawn.withdraw();
  CHECK(ends == std::vector{Outcome::cancelled, Outcome::ok});
  CHECK(ledger.records_in() == 1);
}

TEST_CASE("Family: the one around it is told the same, ends after it, and says what both began with") {
  std::vector<Outcome> ends;
  Ticket ticket;
  ticket.belong_to(std::make_shared<Inner>(std::make_shared<Noted>(ends, 7)));
  CHECK(ticket.family()->root_id() == 7);
  ticket.settle(Outcome::failed);
  CHECK(ends == std::vector{Outcome::failed});
}

TEST_CASE(
    "Family: it is told of each record in the accounting how that counted, and of several one counts it") {
  Ledger ledger;
  std::vector<Outcome> first;
  std::vector<Outcome> second;
  auto joined = std::make_shared<JoinedFamilies>();
  joined->add(std::make_shared<Counted>(first));
  joined->add(std::make_shared<Inner>(std::make_shared<Counted>(second)));
  Ticket parent = ledger.take();
  parent.belong_to(std::make_shared<Inner>(std::make_shared<Counted>(second)));
  Ticket batch = ledger.take();
  batch.belong_to(std::move(joined));
  Ticket elsewhere = ledger.take(parent.share());
  elsewhere.withdraw();
  parent.share().settle(Outcome::failed);
  parent.settle(Outcome::ok);
  batch.settle(Outcome::skipped);
  CHECK(first == std::vector{Outcome::skipped});
  CHECK(second == std::vector{Outcome::ok});
}

TEST_CASE("JoinedFamilies: each of them ends with the record that they have become") {
  std::vector<Outcome> ends;
  auto joined = std::make_shared<JoinedFamilies>();
  joined->add(std::make_shared<Noted>(ends, 1));
  joined->add(std::make_shared<Noted>(ends, 2));
  Ticket batch;
  batch.belong_to(std::move(joined));
  CHECK(ends.empty());
  batch.settle(Outcome::failed);
  CHECK(ends == std::vector{Outcome::failed, Outcome::failed});
}

TEST_CASE("Family: all that a record of several families came of hear that it was put into the run's state") {
  struct Told final : Family {
    explicit Told(int& t) : times(t) {}
    void has_put() noexcept override { ++times; }
    int& times;
  };
  int first = 0;
  int second = 0;
  auto joined = std::make_shared<JoinedFamilies>();
  joined->add(std::make_shared<Told>(first));
  joined->add(std::make_shared<Told>(second));
  std::vector<Outcome> ends;
  const FamilyRef inner = std::make_shared<Noted>(ends, 0, joined);
  inner->has_put();
  CHECK(first == 1);
  CHECK(second == 1);
}

TEST_CASE("Descent: children are in the order in which they were made, behind nobody of another place") {
  std::vector<Outcome> ends;
  Record parent;
  CHECK(descend(parent, 3)->descent.path.empty());  // nobody waits here
  parent.descent.enter(std::make_shared<Noted>(ends, 1));
  const auto second = descend(parent, 1);
  const auto hundreds = descend(parent, 256);
  const auto grandchild = descend(*second, 300);
  CHECK(parent.descent.path < second->descent.path);
  CHECK(second->descent.path < grandchild->descent.path);
  CHECK(grandchild->descent.path < hundreds->descent.path);
  CHECK(hundreds->descent.family == parent.descent.family);
}

TEST_CASE("Descent: a record that leaves a part is in the family of the part around it") {
  std::vector<Outcome> ends;
  const auto outer = std::make_shared<Noted>(ends, 1);
  Descent descent;
  descent.enter(outer);
  descent.enter(std::make_shared<Inner>(outer));
  CHECK(descent.leave()->outer() == outer);
  CHECK(descent.family == outer);
  CHECK(descent.leave() == outer);
  CHECK(descent.leave() == nullptr);
}

TEST_CASE("Record: an error makes it failed, a cancellation makes it cancelled, and both name the stage") {
  Record record;
  CHECK_FALSE(record.failed());
  record.fail(Error(Errc::bad_url, "no"), "lines");
  CHECK(record.failed());
  CHECK(record.outcome == Outcome::failed);
  CHECK(record.error->stage == "lines");
  record.fail(Error(Errc::cancelled, "stop"), "fetch");
  CHECK(record.outcome == Outcome::cancelled);
}
