#include "pipelines/record/ledger.hpp"

#include <doctest/doctest.h>

#include <utility>

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
