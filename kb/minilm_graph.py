"""The ONNX graph of all-MiniLM-L6-v2; loaded only when the graph is built.

The network is a plain BERT encoder (6 layers, 12 heads, width 384), mean pooling over the mask and L2 norm; the fused
operators are onnxruntime's.
"""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Weights = dict[str, NDArray[np.float32]]
_LAYERS = 6
_HEADS = 12
_WIDTH = 384
_EPSILON = 1e-12


def build(weights: Weights) -> onnx.ModelProto:
    """Return the model: token ids and mask, shape (batch, tokens), to unit vectors, shape (batch, 384)."""
    nodes = [_embedding_node()]
    for layer in range(_LAYERS):
        nodes += _layer_nodes(layer)
    nodes += _pooling_nodes()
    graph = helper.make_graph(
        nodes,
        "all-MiniLM-L6-v2",
        inputs=[helper.make_tensor_value_info(n, TensorProto.INT32, ["batch", "tokens"]) for n in ("ids", "mask")],
        outputs=[helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", _WIDTH])],
        initializer=[numpy_helper.from_array(value, name) for name, value in _initializers(weights).items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def _initializers(weights: Weights) -> dict[str, NDArray[np.generic]]:
    """Return the tensors in the layouts the fused operators take: (in, out) matrices, query, key, value in one."""
    # Every token has type 0 here, so its type embedding folds into the positions.
    positions = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    tensors: dict[str, NDArray[np.generic]] = {
        "words": weights["embeddings.word_embeddings.weight"],
        "positions": positions,
        "gamma": weights["embeddings.LayerNorm.weight"],
        "beta": weights["embeddings.LayerNorm.bias"],
        "last_axis": np.array([2], np.int64),
        "token_axis": np.array([1], np.int64),
    }
    for layer in range(_LAYERS):
        tensors |= _layer_initializers(weights, layer)
    return tensors


def _layer_initializers(weights: Weights, layer: int) -> dict[str, NDArray[np.generic]]:
    source = f"encoder.layer.{layer}."
    projections = [f"{source}attention.self.{part}" for part in ("query", "key", "value")]
    tensors: dict[str, NDArray[np.generic]] = {
        f"{layer}.qkv": np.concatenate([weights[f"{p}.weight"].T for p in projections], axis=1),
        f"{layer}.qkv_bias": np.concatenate([weights[f"{p}.bias"] for p in projections]),
    }
    for ours, theirs in (("out", "attention.output"), ("down", "output")):
        tensors[f"{layer}.{ours}"] = np.ascontiguousarray(weights[f"{source}{theirs}.dense.weight"].T)
        tensors[f"{layer}.{ours}_bias"] = weights[f"{source}{theirs}.dense.bias"]
        tensors[f"{layer}.{ours}_gamma"] = weights[f"{source}{theirs}.LayerNorm.weight"]
        tensors[f"{layer}.{ours}_beta"] = weights[f"{source}{theirs}.LayerNorm.bias"]
    tensors[f"{layer}.up"] = np.ascontiguousarray(weights[f"{source}intermediate.dense.weight"].T)
    tensors[f"{layer}.up_bias"] = weights[f"{source}intermediate.dense.bias"]
    return tensors


def _fused(kind: str, inputs: list[str], output: str, **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(kind, inputs, [output], domain="com.microsoft", **attributes)


def _embedding_node() -> onnx.NodeProto:
    return helper.make_node(
        "EmbedLayerNormalization",
        ["ids", "", "words", "positions", "", "gamma", "beta"],
        ["hidden.0", "unused_mask_index"],
        domain="com.microsoft",
        epsilon=_EPSILON,
    )


def _layer_nodes(layer: int) -> list[onnx.NodeProto]:
    hidden, attended, middle, after = f"hidden.{layer}", f"{layer}.attended", f"{layer}.middle", f"hidden.{layer + 1}"
    return [
        _fused("Attention", [hidden, f"{layer}.qkv", f"{layer}.qkv_bias", "mask"], attended, num_heads=_HEADS),
        helper.make_node("MatMul", [attended, f"{layer}.out"], [f"{layer}.projected"]),
        _residual_norm(f"{layer}.projected", hidden, f"{layer}.out", middle),
        helper.make_node("MatMul", [middle, f"{layer}.up"], [f"{layer}.wide"]),
        _fused("BiasGelu", [f"{layer}.wide", f"{layer}.up_bias"], f"{layer}.active"),
        helper.make_node("MatMul", [f"{layer}.active", f"{layer}.down"], [f"{layer}.narrow"]),
        _residual_norm(f"{layer}.narrow", middle, f"{layer}.down", after),
    ]


def _residual_norm(value: str, skip: str, names: str, output: str) -> onnx.NodeProto:
    inputs = [value, skip, f"{names}_gamma", f"{names}_beta", f"{names}_bias"]
    return _fused("SkipLayerNormalization", inputs, output, epsilon=_EPSILON)


def _pooling_nodes() -> list[onnx.NodeProto]:
    """Return mean pooling over the mask, then L2 normalisation (Reimers and Gurevych, 2019)."""
    return [
        helper.make_node("Cast", ["mask"], ["weights"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["weights", "last_axis"], ["column"]),
        helper.make_node("Mul", [f"hidden.{_LAYERS}", "column"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "token_axis"], ["total"], keepdims=0),
        helper.make_node("ReduceSum", ["weights", "token_axis"], ["count"], keepdims=1),
        helper.make_node("Div", ["total", "count"], ["mean"]),
        helper.make_node("LpNormalization", ["mean"], ["embedding"], axis=1, p=2),
    ]
