// A table of the configuration as the list of its keys: what reads, writes and documents it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/codec.hpp"
#include "config/context.hpp"
#include "config/keys.hpp"

namespace hupd::config {

template <typename Root, typename T>
using Member = T Root::*;

template <typename Root>
struct Key {
  Description about;
  std::vector<Description> inner;  // of a sub-table: its keys
  std::function<void(const Value&, Root&, Context&)> read;
  std::function<Value(const Root&)> write;  // none: cannot be told from the struct
};

// The keys of this table, each followed by those of its sub-tables.
template <typename Root>
std::vector<Description> describe(const std::vector<Key<Root>>& keys) {
  std::vector<Description> all;
  for (const Key<Root>& key : keys) {
    all.push_back(key.about);
    for (Description inner : key.inner) {
      inner.table = key.about.key + (inner.table.empty() ? "" : "." + inner.table);
      all.push_back(std::move(inner));
    }
  }
  return all;
}

// An optional key; `fallback` is its default as TOML.
template <typename Root, typename T>
Key<Root> key(std::string name, Member<Root, T> member, Codec<T> codec, std::string fallback,
              std::string doc) {
  return {
      {"", std::move(name), codec.type, codec.range, std::move(fallback), std::move(doc), false},
      {},
      [read = codec.read, member](const Value& value, Root& root, Context& context) {
        if (auto result = read(value, context)) root.*member = std::move(*result);
      },
      [write = codec.write, member](const Root& root) { return write(root.*member); }};
}

template <typename Root, typename T>
Key<Root> required(std::string name, Member<Root, T> member, Codec<T> codec, std::string example,
                   std::string doc) {
  Key<Root> made =
      key(std::move(name), member, std::move(codec), std::move(example), std::move(doc));
  made.about.required = true;
  return made;
}

// Notes the keys of `table` that are not among `known` (what describe() gives of the table).
void refuse_unknown(const Table& table, const std::vector<Description>& known, Context& context);
void refuse_missing(const Place& table, const Description& key, Context& context);

// Reads in the order of the key table, which is what keys that build on others count on.
template <typename Root>
void read_table(const Value& value, Root& root, const std::vector<Key<Root>>& keys,
                Context& context) {
  const auto* table = std::get_if<Table>(&value.data);
  if (table == nullptr) {
    context.wanted(value, "a table");
    return;
  }
  refuse_unknown(*table, describe(keys), context);
  for (const Key<Root>& key : keys) {
    const Value* found = find(value, key.about.key);
    if (found == nullptr) {
      if (key.about.required) refuse_missing(value.place, key.about, context);
      continue;
    }
    const Context::Inside inside(context, key.about.key);
    key.read(*found, root, context);
  }
}

template <typename Root>
Value write_table(const Root& root, const std::vector<Key<Root>>& keys) {
  Table table;
  for (const Key<Root>& key : keys) {
    if (key.write) table.push_back({key.about.key, {}, key.write(root)});
  }
  return {table};
}

template <typename Root, typename T>
Key<Root> section(std::string name, Member<Root, T> member, std::vector<Key<T>> keys,
                  std::string doc) {
  return {{"", std::move(name), "table", "", "", std::move(doc), false},
          describe(keys),
          [keys, member](const Value& value, Root& root, Context& context) {
            read_table(value, root.*member, keys, context);
          },
          [keys, member](const Root& root) { return write_table(root.*member, keys); }};
}

}  // namespace hupd::config
