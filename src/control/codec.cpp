#include "control/codec.hpp"

#include <utility>

#include "control/fields.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace hupd::control {
namespace {

// `type` of a reply, in the order of the variant.
constexpr std::string_view types[] = {"status", "history", "event", "result", "accepted", "error"};
static_assert(std::size(types) == std::variant_size_v<Reply>);

// Bytes that are no UTF-8, out of an application's output, are replaced: dump() must not throw.
std::string line_of(const json::Json& json) {
  return json.dump(-1, ' ', false, json::Json::error_handler_t::replace) + '\n';
}

template <typename T>
Read<Reply> read_as(const json::ReadJson& json) {
  T message;
  json::Reader reader(json);
  fields(reader, message);
  if (!reader.fault().empty()) return tl::unexpected(reader.fault());
  return Reply(std::move(message));
}

template <std::size_t... Index>
Read<Reply> read_by_type(const json::ReadJson& json, std::string_view type,
                         std::index_sequence<Index...>) {
  Read<Reply> read = tl::unexpected("a reply of type '" + std::string(type) + "'");
  (void)((types[Index] == type &&
          (read = read_as<std::variant_alternative_t<Index, Reply>>(json), true)) ||
         ...);
  return read;
}

json::ReadJson parsed(std::string_view line) { return json::ReadJson::parse(line, nullptr, false); }

}  // namespace

Read<Request> parse_request(std::string_view line) {
  const json::ReadJson json = parsed(line);
  if (!json.is_object()) return tl::unexpected(std::string("not a JSON object on one line"));
  Request request;
  request.version = 0;
  json::Reader reader(json);
  fields(reader, request);
  if (!reader.fault().empty()) return tl::unexpected(reader.fault());
  if (request.version != protocol_version) {
    return tl::unexpected("'version' has to be " + std::to_string(protocol_version));
  }
  if (const auto unknown = reader.unknown_key(); !unknown.empty()) return tl::unexpected(unknown);
  if (!json.contains("command")) return tl::unexpected(std::string("'command' is missing"));
  return request;
}

Read<Reply> parse_reply(std::string_view line) {
  const json::ReadJson json = parsed(line);
  if (!json.is_object()) return tl::unexpected(std::string("not a JSON object"));
  const auto version = json.find("version");
  if (version == json.end() || *version != protocol_version) {
    return tl::unexpected(std::string("another version of the protocol"));
  }
  const auto type = json.find("type");
  if (type == json.end() || !type->is_string()) return tl::unexpected(std::string("no type"));
  return read_by_type(json, type->get_ref<const std::string&>(),
                      std::make_index_sequence<std::variant_size_v<Reply>>());
}

std::string to_line(Request request) {
  json::Json json = json::Json::object();
  json::Writer writer(json);
  fields(writer, request);
  return line_of(json);
}

std::string to_line(Reply reply) {
  json::Json json = {{"version", protocol_version}, {"type", types[reply.index()]}};
  json::Writer writer(json);
  std::visit([&writer](auto& message) { fields(writer, message); }, reply);
  return line_of(json);
}

}  // namespace hupd::control
