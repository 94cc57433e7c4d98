-- SPDX-License-Identifier: BSL-1.0
-- What is behind everything: light through haze, velvet curtains, a polished floor, and dust in the light.
local paint = require("view.paint")
local g = love.graphics

local backdrop = {}
backdrop.__index = backdrop

local shader = g.newShader([[
uniform float time;
uniform float heat;

float folds(float x, float y) {
    float wave = sin(x * 62.0 + sin(y * 3.0) * 0.6) * 0.5 + 0.5;
    return mix(0.22, 1.0, wave * wave) * (0.85 + 0.15 * sin(x * 23.0 + 1.0));
}

vec4 effect(vec4 color, Image image, vec2 uv, vec2 at) {
    vec2 p = (uv - vec2(0.5, 0.53)) * vec2(1.778, 1.0);
    float far = length(p);
    vec3 c = mix(vec3(0.42, 0.12, 0.50), vec3(0.055, 0.015, 0.13), smoothstep(0.0, 0.85, far));
    c = mix(c, vec3(0.75, 0.30, 0.16), heat * 0.5 * smoothstep(0.9, 0.1, far));

    float angle = atan(p.y, p.x);
    float rays = 0.5 + 0.5 * sin(angle * 18.0 + time * 0.18);
    rays *= 0.6 + 0.4 * sin(angle * 7.0 - time * 0.11);
    c += vec3(0.85, 0.42, 0.55) * rays * rays * 0.30 * smoothstep(0.95, 0.2, far);

    vec2 tile = abs(fract((uv * vec2(1.778, 1.0) * mat2(0.7071, 0.7071, -0.7071, 0.7071)) * 17.0) - 0.5);
    c += vec3(0.6, 0.3, 0.7) * smoothstep(0.035, 0.0, 0.5 - max(tile.x, tile.y)) * 0.07;

    float horizon = 0.865;
    if (uv.y > horizon) {
        float depth = (uv.y - horizon) / (1.0 - horizon);
        float spot = smoothstep(0.75, 0.0, abs(uv.x - 0.5) * (1.35 - depth * 0.4));
        c = mix(vec3(0.05, 0.012, 0.08), vec3(0.38, 0.12, 0.30), spot * (1.0 - depth * 0.75));
        c += vec3(1.0, 0.62, 0.25) * 0.35 * exp(-depth * 9.0) * spot;
    }

    float side = abs(uv.x - 0.5) * 2.0;
    float edge = 0.80 + 0.12 * pow(uv.y, 1.6) - 0.03 * sin(uv.y * 9.0 + time * 0.5) * uv.y;
    float curtain = smoothstep(edge, edge + 0.012, side);
    float fall = folds(side + 0.006 * sin(uv.y * 8.0 + time * 0.7), uv.y);
    vec3 velvet = mix(vec3(0.10, 0.0, 0.03), vec3(0.95, 0.07, 0.17), fall) * (1.05 - 0.55 * uv.y);
    c *= 1.0 - 0.55 * smoothstep(edge - 0.13, edge, side) * (1.0 - curtain);
    c = mix(c, velvet, curtain);

    c *= 1.10 - 0.45 * smoothstep(0.5, 1.2, far);
    float grain = fract(sin(dot(at, vec2(12.9898, 78.233))) * 43758.5453) - 0.5;
    return vec4(c + grain / 255.0, 1.0);
}]])

local pixel

function backdrop.new(random)
    local self = setmetatable({ dust = {}, heat = 0 }, backdrop)
    pixel = g.newCanvas(1, 1)
    for i = 1, 46 do
        self.dust[i] = {
            x = random:random() * 1280, y = random:random() * 720, size = 0.04 + random:random() ^ 3 * 0.42,
            rise = 6 + random:random() * 16, sway = random:random() * 6,
            tint = ({ { 1, 0.75, 0.4 }, { 1, 0.45, 0.7 }, { 0.6, 0.5, 1 } })[random:random(3)],
        }
    end
    return self
end

function backdrop:draw(time, heat)
    g.setShader(shader)
    shader:send("time", time)
    shader:send("heat", heat)
    g.draw(pixel, 0, 0, 0, 1280, 720)
    g.setShader()
    for _, mote in ipairs(self.dust) do
        local x = mote.x + math.sin(time * 0.4 + mote.sway) * 24
        local y = (mote.y - time * mote.rise) % 780 - 30
        paint.stamp(paint.glow, x, y, {
            scale = mote.size, tint = mote.tint, alpha = 0.2 + 0.12 * math.sin(time * 1.3 + mote.sway * 3), add = true,
        })
    end
end

return backdrop
